#ifndef REEVE_ENFORCEMENT_SHIM_CGROUP_ENTRY_H_
#define REEVE_ENFORCEMENT_SHIM_CGROUP_ENTRY_H_

#include "enforcement/shim/plan.h"

namespace reeve {

// Puts the calling thread into the cgroups of the plan; into that of v2 unless
// it was born there. Returns 0 or an errno value.
int EnterCgroups(const Plan& plan, bool is_in_cgroup);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_CGROUP_ENTRY_H_
