#ifndef REEVE_ENFORCEMENT_SHIM_TASK_ROOT_H_
#define REEVE_ENFORCEMENT_SHIM_TASK_ROOT_H_

#include "enforcement/shim/child_failure.h"
#include "enforcement/shim/plan.h"

namespace reeve {

// In a process with a mount namespace of its own: takes it apart from the
// host's, makes what the plan says in the root of the task, and makes that the
// root of the process, out of which nothing of the host can be reached. System
// calls only.
ChildFailure EnterTaskRoot(const Plan& plan);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_TASK_ROOT_H_
