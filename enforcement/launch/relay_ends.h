#ifndef REEVE_ENFORCEMENT_LAUNCH_RELAY_ENDS_H_
#define REEVE_ENFORCEMENT_LAUNCH_RELAY_ENDS_H_

#include "absl/status/status.h"
#include "enforcement/launch/launch_request.h"

namespace reeve {

// Set a task's standard streams in `request` to pipes or to a terminal, and the
// shim's ends of them. The task's ends belong to its user, who may want to open
// them again by /dev/stdout.

absl::Status AddInputPipe(LaunchRequest* request);
// Output 0 is standard output, 1 standard error.
absl::Status AddOutputPipe(int output, LaunchRequest* request);
// All three, and 80 columns by 24 lines.
absl::Status AddTerminal(LaunchRequest* request);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_RELAY_ENDS_H_
