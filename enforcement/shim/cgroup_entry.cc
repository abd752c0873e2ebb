#include "enforcement/shim/cgroup_entry.h"

#include "enforcement/shim/write_once.h"

namespace reeve {

// "0" is whoever writes it. A v1 `tasks` file, unlike cgroup.procs, moves a
// single thread without waiting for the whole machine to pass a grace period.
int EnterCgroups(const Plan& plan, bool is_in_cgroup) {
  for (uint32_t i = 0; i < plan.header->tasks_fd_count; ++i) {
    const int error = WriteOnce(plan.tasks_fds[i], "0", 1);
    if (error != 0) return error;
  }
  if (is_in_cgroup || plan.header->cgroup_dir_fd == kNoFd) return 0;
  return WriteOnceAt(plan.header->cgroup_dir_fd, "cgroup.procs", "0", 1);
}

}  // namespace reeve
