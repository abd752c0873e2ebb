#ifndef REEVE_ENFORCEMENT_CGROUP_TAKE_PROCESSES_H_
#define REEVE_ENFORCEMENT_CGROUP_TAKE_PROCESSES_H_

#include <sys/types.h>

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "enforcement/cgroup/process_homes.h"

namespace reeve {

// Moves the processes that `list` tells into the cgroup whose directory is open
// as `to_fd`, and asks again until all are there: whoever forks before it is
// moved leaves a child outside. Where each was is kept in `homes` first.
//
// kNotFound if nobody is listed at first, kDeadlineExceeded if they fork faster
// than they are moved. Some may have been moved after an error. Thread-safe.
absl::Status TakeProcesses(
    const std::function<absl::StatusOr<std::vector<pid_t>>()>& list, int to_fd,
    ProcessHomes* homes);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_TAKE_PROCESSES_H_
