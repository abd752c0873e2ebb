#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_PLAN_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_PLAN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// From limits to kernel files and what to write to them. Pure: nothing here
// reads or writes one.

// kUnavailable naming a limit whose controller is missing or of a version that
// does not know the limit.
absl::Status CheckControllers(const ResourceLimits& limits,
                              const LimitVersions& versions);

// The controllers of the limits that a task has no cgroup for unless it has
// such a limit: cpuset, io (blkio on v1) and hugetlb.
std::vector<std::string> RareControllersOf(const ResourceLimits& limits,
                                           const LimitVersions& versions);

// The files whose contents PlanLimits() wants to know. Not every kernel has
// all of them.
std::vector<LimitFile> LimitFilesOf(const ResourceLimits& limits,
                                    const LimitVersions& versions);

// Every file of the limits with what it is to hold, in an order in which each
// write is valid when its turn comes: see memory_plan.h, cpu_plan.h,
// cpuset_plan.h, io_plan.h and hugetlb_plan.h. Devices are numbers here.
// kUnavailable naming a limit that this kernel has no file for,
// kInvalidArgument for one that does not go with what is in force.
absl::StatusOr<std::vector<PlannedLimit>> PlanLimits(
    const ResourceLimits& limits, const LimitVersions& versions,
    const LimitTexts& current);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_PLAN_H_
