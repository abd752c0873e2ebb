#ifndef REEVE_ENFORCEMENT_LAUNCH_START_ERROR_H_
#define REEVE_ENFORCEMENT_LAUNCH_START_ERROR_H_

#include "absl/status/status.h"
#include "enforcement/launch/launch_request.h"
#include "enforcement/shim/start_report.h"

namespace reeve {

// One line for a start that failed: the step with what it was about, errno's
// text, and what to change where that is known. Errors of the program itself
// carry LaunchErrorReason.
absl::Status StartError(const StartReport& report,
                        const LaunchRequest& request);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_START_ERROR_H_
