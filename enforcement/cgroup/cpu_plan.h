#ifndef REEVE_ENFORCEMENT_CGROUP_CPU_PLAN_H_
#define REEVE_ENFORCEMENT_CGROUP_CPU_PLAN_H_

#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The CPU part of PlanLimits(). Pure.

std::vector<LimitFile> CpuFilesOf(const ResourceLimits& limits,
                                  CgroupVersion version);

// v1: CPU time over period may not be above the parent's, so of quota and
// period the one that makes the task slower is first.
void PlanCpu(const ResourceLimits& limits, CgroupVersion version,
             LimitPlanner& planner);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CPU_PLAN_H_
