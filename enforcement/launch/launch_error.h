#ifndef REEVE_ENFORCEMENT_LAUNCH_LAUNCH_ERROR_H_
#define REEVE_ENFORCEMENT_LAUNCH_LAUNCH_ERROR_H_

#include "absl/status/status.h"

namespace reeve {

// Why a program could not be started, for the exit codes 127 and 126.
enum class LaunchErrorReason {
  kOther = 0,
  kProgramNotFound = 1,
  kProgramNotExecutable = 2,
};

// Attaches the reason to a status, and finds it again in one.
absl::Status WithReason(absl::Status status, LaunchErrorReason reason);
LaunchErrorReason ReasonOf(const absl::Status& status);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_LAUNCH_ERROR_H_
