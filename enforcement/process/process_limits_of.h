#ifndef REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMITS_OF_H_
#define REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMITS_OF_H_

#include <vector>

#include "enforcement/cgroup/limit_setting.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The limits among `settings` that each process keeps, as they were read back;
// one in which the processes of the task differ is absent. Pure.
ResourceLimits ProcessLimitsOf(const std::vector<LimitSetting>& settings);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMITS_OF_H_
