#ifndef REEVE_ENFORCEMENT_SHIM_NAMESPACES_H_
#define REEVE_ENFORCEMENT_SHIM_NAMESPACES_H_

#include "enforcement/shim/child_failure.h"
#include "enforcement/shim/plan.h"

namespace reeve {

// In a process with the plan's new namespaces, when it is in its cgroups: joins
// the network that the plan names, or brings the loopback device of a new one
// up, and sets the host name.
ChildFailure FinishNamespaces(const Plan& plan);

// Whether the plan is for the pid namespace of a task that runs, whose
// processes may look into what comes to be there.
bool JoinsRunningTask(const PlanIsolation& isolation);

// Of a process that joins those of another: all, and the root directory. In the
// pid namespace are its children, unless its parent has joined that for it.
ChildFailure JoinNamespaces(const PlanIsolation& isolation);

// The children of the caller begin in the pid namespace that the plan joins.
// Returns 0 or an errno value.
int JoinPidNamespace(const PlanIsolation& isolation);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_NAMESPACES_H_
