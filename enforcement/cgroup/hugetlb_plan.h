#ifndef REEVE_ENFORCEMENT_CGROUP_HUGETLB_PLAN_H_
#define REEVE_ENFORCEMENT_CGROUP_HUGETLB_PLAN_H_

#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The part of PlanLimits() for huge pages: one file for each page size. Pure.

std::vector<LimitFile> HugetlbFilesOf(const ResourceLimits& limits,
                                      CgroupVersion version);

void PlanHugetlb(const ResourceLimits& limits, CgroupVersion version,
                 LimitPlanner& planner);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_HUGETLB_PLAN_H_
