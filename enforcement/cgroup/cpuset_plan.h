#ifndef REEVE_ENFORCEMENT_CGROUP_CPUSET_PLAN_H_
#define REEVE_ENFORCEMENT_CGROUP_CPUSET_PLAN_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The cpuset part of PlanLimits(). Pure.

std::vector<LimitFile> CpusetFilesOf(const ResourceLimits& limits,
                                     CgroupVersion version);

// Of CPUs that the agent chose, `cpuset_cpus` says which they are; requested
// were then "2 reserved", or the "pool".
//
// "" is all that the parent has: v2 inherits by an empty file, which v1 does
// not take from a cgroup with processes, so there the parent's list is copied.
void PlanCpuset(const ResourceLimits& limits, CgroupVersion version,
                LimitPlanner& planner);

// The number in "2 reserved"; nullopt for another request.
std::optional<uint64_t> ReservedIn(absl::string_view requested);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CPUSET_PLAN_H_
