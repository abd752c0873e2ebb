#ifndef REEVE_AGENT_STATE_PROCESS_IDENTITY_TEXT_H_
#define REEVE_AGENT_STATE_PROCESS_IDENTITY_TEXT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collectors/snapshot.h"

namespace reeve {

// A process from the text of the files `pid` and `starttime`, which the shim
// writes: "4242\n" and, in ticks since the boot, "987654321\n". kDataLoss for
// anything else, also for a number whose line has no end: the beginning of a
// pid is another process's.
absl::StatusOr<ProcessIdentity> ParseProcessIdentity(
    absl::string_view pid, absl::string_view start_time);

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_PROCESS_IDENTITY_TEXT_H_
