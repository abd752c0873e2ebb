#ifndef REEVE_ENFORCEMENT_SHIM_LEFTOVERS_H_
#define REEVE_ENFORCEMENT_SHIM_LEFTOVERS_H_

#include "enforcement/cgroup/kill_cgroup.h"
#include "enforcement/shim/plan_format.h"

namespace reeve {

// What holds the processes of a task: descriptors of its cgroup, where it has
// one.
struct Containment {
  explicit Containment(const PlanHeader& header);

  int kill_fd;
  int procs_fd;
  int freeze_fd;
  FreezeFile freeze_file;
};

// Whether the cgroup has a process left, whoever its parent is. False without a
// cgroup.
bool HasCgroupProcesses(const Containment& containment);

// Sends SIGKILL to every process of the cgroup and to every child of this
// process, once. What is forked meanwhile, and what becomes our child by the
// death of its parent, needs another call.
void KillOnce(const Containment& containment);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_LEFTOVERS_H_
