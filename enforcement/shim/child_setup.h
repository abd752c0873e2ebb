#ifndef REEVE_ENFORCEMENT_SHIM_CHILD_SETUP_H_
#define REEVE_ENFORCEMENT_SHIM_CHILD_SETUP_H_

#include <sys/types.h>

#include "enforcement/shim/child_failure.h"
#include "enforcement/shim/plan.h"

namespace reeve {

// What the child does between its birth and execve().
struct ChildPlan {
  const Plan* plan = nullptr;
  // Whether it was born in the cgroup of plan->header->cgroup_dir_fd.
  bool is_in_cgroup = false;
  // In the memory that it shares with its parent.
  ChildFailure* failure = nullptr;
  // Of a command in a running task, else null: the child ends, and the program
  // is run by a sibling that it makes, whose pid goes here. `failure` is in
  // memory that this one shares too.
  pid_t* sibling = nullptr;
};

// Runs in the child, which shares the memory of a parent that is held: system
// calls only. Enters the cgroups first, so that nothing of the task ever runs
// outside of them. Changes to ids come in the order in which each is still
// permitted. Does not return.
[[noreturn]] void RunChild(const ChildPlan& child);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_CHILD_SETUP_H_
