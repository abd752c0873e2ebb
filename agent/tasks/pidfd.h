#ifndef REEVE_AGENT_TASKS_PIDFD_H_
#define REEVE_AGENT_TASKS_PIDFD_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/unique_fd.h"
#include "collectors/snapshot.h"

namespace reeve {

// A pidfd that is certainly of `process`. kNotFound if that has ended, even if
// its pid was given out again.
absl::StatusOr<UniqueFd> OpenPidfd(const ProcessIdentity& process);

// pidfd_send_signal(2). kFailedPrecondition if the process has ended.
absl::Status SendSignal(const UniqueFd& pidfd, int signal);

// Whether the process has not ended.
bool IsRunning(const UniqueFd& pidfd);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_PIDFD_H_
