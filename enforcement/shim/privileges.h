#ifndef REEVE_ENFORCEMENT_SHIM_PRIVILEGES_H_
#define REEVE_ENFORCEMENT_SHIM_PRIVILEGES_H_

#include "enforcement/shim/child_failure.h"
#include "enforcement/shim/plan.h"

namespace reeve {

// What the calling process, and what it runs, may do. In this order, around the
// change of the user; each does nothing if the plan has none of it.

// Out of reach of the keys of whoever started it.
ChildFailure JoinSessionKeyring(const PlanIsolation& isolation);

// Drops from the bounding set what the task is not to have, and lets what it is
// to have outlast the change of the user.
ChildFailure BoundCapabilities(const PlanIsolation& isolation);

// After the change of the user: permitted, effective, inheritable, ambient.
ChildFailure SetCapabilities(const PlanIsolation& isolation);

// Of programs with a set-user-ID bit or capabilities of their own.
ChildFailure ForgoNewPrivileges();

// Of AppArmor or SELinux, which the program gets: while the host's /proc is in
// sight.
ChildFailure SetLabel(const Plan& plan);

ChildFailure InstallFilter(const Plan& plan);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_PRIVILEGES_H_
