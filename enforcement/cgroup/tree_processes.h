#ifndef REEVE_ENFORCEMENT_CGROUP_TREE_PROCESSES_H_
#define REEVE_ENFORCEMENT_CGROUP_TREE_PROCESSES_H_

#include <sys/types.h>

#include <set>

#include "absl/status/statusor.h"

namespace reeve {

// Every process of the cgroup whose directory is open as `dir_fd`, and of those
// below it, that has a number in our pid namespace. None if the cgroup was
// removed. Thread-safe.
absl::StatusOr<std::set<pid_t>> TreeProcesses(int dir_fd);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_TREE_PROCESSES_H_
