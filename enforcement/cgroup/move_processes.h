#ifndef REEVE_ENFORCEMENT_CGROUP_MOVE_PROCESSES_H_
#define REEVE_ENFORCEMENT_CGROUP_MOVE_PROCESSES_H_

#include "absl/status/status.h"
#include "enforcement/cgroup/freezer.h"

namespace reeve {

// Moves every process of the cgroup whose directory is open as `main_fd`, and
// of those below it, into the cgroup `to_fd` of another hierarchy, unless it is
// there or below already. Returns once a look at both finds nobody outside:
// what was forked meanwhile is moved too. Processes that fork faster than they
// are moved are held still by `freezer`, which is of the first cgroup.
//
// The error says what the kernel answered to whom; kDeadlineExceeded if the
// processes cannot be caught. Some may have been moved then. Thread-safe.
absl::Status MoveProcesses(int main_fd, const Freezer& freezer, int to_fd);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_MOVE_PROCESSES_H_
