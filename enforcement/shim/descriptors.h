#ifndef REEVE_ENFORCEMENT_SHIM_DESCRIPTORS_H_
#define REEVE_ENFORCEMENT_SHIM_DESCRIPTORS_H_

#include "enforcement/shim/plan.h"

namespace reeve {

// Makes the process' descriptors those of the plan and no others: closes the
// rest, puts /dev/null in place of 0 to 2, moves the plan's own away from there
// (its numbers are changed) and marks them close-on-exec. Returns 0 or an errno
// value.
int TakeDescriptors(Plan& plan);

// Closes what only the start needs: the streams of the task, its `tasks` files
// and the directory of its cgroup.
void CloseStartDescriptors(const Plan& plan);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_DESCRIPTORS_H_
