#ifndef REEVE_ENFORCEMENT_CGROUP_HUGETLB_VALUES_H_
#define REEVE_ENFORCEMENT_CGROUP_HUGETLB_VALUES_H_

#include <vector>

#include "collectors/task_target.h"
#include "enforcement/cgroup/limit_setting.h"

namespace reeve {

// The part of LimitValuesOf() for huge pages. Pure.
void AddHugetlbValues(const std::vector<LimitSetting>& settings,
                      LimitValues& values);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_HUGETLB_VALUES_H_
