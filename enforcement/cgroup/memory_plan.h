#ifndef REEVE_ENFORCEMENT_CGROUP_MEMORY_PLAN_H_
#define REEVE_ENFORCEMENT_CGROUP_MEMORY_PLAN_H_

#include <vector>

#include "absl/status/status.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The memory part of PlanLimits(). Pure.

// kUnavailable naming a limit that the version does not have: v1 knows no high
// mark, no protection and no killing of groups. (Its soft limit is none of
// them: it says where reclaim begins once the whole machine is short.)
absl::Status CheckMemory(const ResourceLimits& limits, CgroupVersion version);

std::vector<LimitFile> MemoryFilesOf(const ResourceLimits& limits,
                                     CgroupVersion version);

// v1: memory.memsw.limit_in_bytes, which is memory and swap, may never be below
// memory.limit_in_bytes, so it is first when it grows and last when it shrinks.
// A swap limit there needs a memory limit, in `limits` or in force.
//
// v2: what shrinking sets off (reclaim, and in the end kills) shall find the
// other limits in force already, so memory.max is last.
//
// A memory limit alone turns swap off (memsw = limit and swappiness 0, or
// memory.swap.max 0), and no limit turns it on again; where the kernel does not
// account for swap there are no such files, and none are planned.
void PlanMemory(const ResourceLimits& limits, CgroupVersion version,
                LimitPlanner& planner);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_MEMORY_PLAN_H_
