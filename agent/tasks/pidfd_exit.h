#ifndef REEVE_AGENT_TASKS_PIDFD_EXIT_H_
#define REEVE_AGENT_TASKS_PIDFD_EXIT_H_

#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// How a process ended that is nobody's child here, as waitpid(2) would tell:
// PIDFD_GET_INFO with PIDFD_INFO_EXIT, since Linux 6.15. The kernel tells once
// the parent has reaped the process, and only if the pidfd was opened before.
// kUnavailable before that: ask again. kUnimplemented if this kernel never
// tells.
absl::StatusOr<int> ReadWaitStatus(const UniqueFd& pidfd);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_PIDFD_EXIT_H_
