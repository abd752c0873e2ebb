#ifndef REEVE_ENFORCEMENT_SHIM_CHILD_SETUP_H_
#define REEVE_ENFORCEMENT_SHIM_CHILD_SETUP_H_

#include "enforcement/shim/plan.h"
#include "enforcement/shim/start_report.h"

namespace reeve {

// Where a child that shares our memory leaves what kept it from its execve().
struct ChildFailure {
  StartStage stage = StartStage::kNone;
  int error_number = 0;
};

// What the child does between its birth and execve().
struct ChildPlan {
  const Plan* plan = nullptr;
  // Whether it was born in the cgroup of plan->header->cgroup_dir_fd.
  bool is_in_cgroup = false;
  ChildFailure* failure = nullptr;
};

// Runs in the child, which shares the memory of a parent that is held: system
// calls only. Enters the cgroups first, so that nothing of the task ever runs
// outside of them. Changes to ids come in the order in which each is still
// permitted. Does not return.
[[noreturn]] void RunChild(const ChildPlan& child);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_CHILD_SETUP_H_
