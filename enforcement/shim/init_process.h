#ifndef REEVE_ENFORCEMENT_SHIM_INIT_PROCESS_H_
#define REEVE_ENFORCEMENT_SHIM_INIT_PROCESS_H_

#include <sys/types.h>

#include "enforcement/shim/child_failure.h"
#include "enforcement/shim/plan.h"

namespace reeve {

// Process 1 of a task's pid namespace: it makes the task's namespaces and root,
// keeps them, reaps what the task's processes orphan, and has no privilege, no
// descriptor and no memory in common with the shim. It sits in the task's
// cgroup and ends with it.
//
// Starts it and waits until all is made. Then changes the plan, so that the
// program joins what was made: see PlanIsolation::join_fd. Returns its pid; 0
// if the plan has none; -1 after a failure, with nothing left of it.
pid_t StartInit(Plan& plan, ChildFailure* failure);

// Kills and reaps it, and so everything in its pid namespace. Nothing for 0.
void EndInit(pid_t init);

// It ends as soon as nobody in its pid namespace is its child, as all are whose
// parent in it has ended.
void LetInitEnd(pid_t init);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_INIT_PROCESS_H_
