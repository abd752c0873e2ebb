#ifndef REEVE_ENFORCEMENT_SHIM_CLONE_CALLS_H_
#define REEVE_ENFORCEMENT_SHIM_CLONE_CALLS_H_

#include "enforcement/shim/plan.h"

namespace reeve {

// New processes in the plan's new namespaces, and in its v2 cgroup where the
// kernel can put them there at birth. Each returns a pid or a negative errno
// value, and sets *is_in_cgroup, for the child to see.

// The child gets a copy of our memory, and 0 here.
long Fork(const Plan& plan, bool* is_in_cgroup);

// The child shares our memory, and we are held until it has called execve() or
// is gone. It runs enter(argument), which does not return, on a stack of its
// own.
long CloneUntilExec(const Plan& plan, void (*enter)(const void*),
                    const void* argument, bool* is_in_cgroup);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_CLONE_CALLS_H_
