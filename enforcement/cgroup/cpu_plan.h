#ifndef REEVE_ENFORCEMENT_CGROUP_CPU_PLAN_H_
#define REEVE_ENFORCEMENT_CGROUP_CPU_PLAN_H_

#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The CPU part of PlanLimits(). Pure.

std::vector<LimitFile> CpuFilesOf(const ResourceLimits& limits,
                                  CgroupVersion version);

// v1: CPU time over period may not be above the parent's, so of quota and
// period the one that makes the task slower is first.
//
// A period that is not named is the one in force. kInvalidArgument if the quota
// is too small or too large for it.
//
// The burst may not be above the quota at any time, so it is before the quota
// when it shrinks and after it when it grows. kInvalidArgument if the quota in
// the end is below the burst, or is none.
//
// An idle task has no shares: kInvalidArgument. One that is idle no more starts
// with the kernel's default, whatever it had before it was idle.
void PlanCpu(const ResourceLimits& limits, CgroupVersion version,
             CpuWeightMapping mapping, LimitPlanner& planner);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CPU_PLAN_H_
