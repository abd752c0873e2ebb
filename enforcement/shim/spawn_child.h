#ifndef REEVE_ENFORCEMENT_SHIM_SPAWN_CHILD_H_
#define REEVE_ENFORCEMENT_SHIM_SPAWN_CHILD_H_

#include <sys/types.h>

#include "enforcement/shim/child_failure.h"
#include "enforcement/shim/plan.h"

namespace reeve {

// Starts the program of `plan`: a child that shares our memory until execve(),
// born in its v2 cgroup where the kernel can do that, otherwise moving there
// itself first. Returns its pid when the program runs. Returns -1, and sets
// *failure, when it does not; no child is left then. Not for use by two threads
// at a time.
pid_t SpawnChild(const Plan& plan, ChildFailure* failure);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_SPAWN_CHILD_H_
