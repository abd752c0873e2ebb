#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_VALUES_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_VALUES_H_

#include <vector>

#include "collectors/task_target.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/cgroup/limit_plan.h"
#include "enforcement/cgroup/limit_setting.h"

namespace reeve {

// The limits that settings amount to, v1 or v2. Pure.
LimitValues LimitValuesOf(const std::vector<LimitSetting>& settings,
                          CpuWeightMapping mapping = CpuWeightMapping::kLinear);

// The settings of a cgroup that somebody else limited, from its files: those
// that do not hold what the kernel gives a new cgroup. Shares are the nearest
// to a cpu.weight. Pure.
std::vector<LimitSetting> SettingsInForce(
    const LimitTexts& texts,
    CpuWeightMapping mapping = CpuWeightMapping::kLinear);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_VALUES_H_
