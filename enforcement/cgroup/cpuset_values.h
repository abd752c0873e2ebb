#ifndef REEVE_ENFORCEMENT_CGROUP_CPUSET_VALUES_H_
#define REEVE_ENFORCEMENT_CGROUP_CPUSET_VALUES_H_

#include <string>
#include <vector>

#include "collectors/task_target.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/cgroup/limit_setting.h"

namespace reeve {

// The cpuset part of LimitValuesOf() and SettingsInForce(). Pure.

void AddCpusetValues(const std::vector<LimitSetting>& settings,
                     LimitValues& values);

// Whether `file` is of a cpuset that has all that its parent has: the same
// list, or on v2 an empty one.
bool IsInheritedCpuset(const std::string& file, const LimitTexts& texts);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CPUSET_VALUES_H_
