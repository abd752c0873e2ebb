#ifndef REEVE_ENFORCEMENT_CGROUP_MOVE_PROCESS_H_
#define REEVE_ENFORCEMENT_CGROUP_MOVE_PROCESS_H_

#include <sys/types.h>

#include "absl/status/status.h"
#include "base/unique_fd.h"

namespace reeve {

// Moves `pid`, with all its threads, by writing it to an open cgroup.procs. OK
// for one that has ended meanwhile: it need not be moved. Else the error of
// write(2), which names the process. Thread-safe.
absl::Status MoveProcess(const UniqueFd& procs, pid_t pid);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_MOVE_PROCESS_H_
