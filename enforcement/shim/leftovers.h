#ifndef REEVE_ENFORCEMENT_SHIM_LEFTOVERS_H_
#define REEVE_ENFORCEMENT_SHIM_LEFTOVERS_H_

#include <sys/types.h>

#include "enforcement/cgroup/kill_cgroup.h"
#include "enforcement/shim/plan_format.h"

namespace reeve {

// What holds the processes of a task: descriptors of its cgroup, where it has
// one.
struct Containment {
  explicit Containment(const PlanHeader& header, pid_t init_pid = 0);

  int kill_fd;
  int procs_fd;
  int freeze_fd;
  FreezeFile freeze_file;
  // See init_process.h; 0 if there is none.
  pid_t init;
};

// Whether the cgroup has a process left, whoever its parent is. False without a
// cgroup.
bool HasCgroupProcesses(const Containment& containment);

// Sends SIGKILL to every process of the cgroup and to every child of this
// process, once. What is forked meanwhile, and what becomes our child by the
// death of its parent, needs another call.
void KillOnce(const Containment& containment);

// The same for the children of this process alone: its subreaping brings it
// those of the killed.
void KillChildren();

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_LEFTOVERS_H_
