#ifndef REEVE_ENFORCEMENT_CGROUP_NESTED_QUOTA_H_
#define REEVE_ENFORCEMENT_CGROUP_NESTED_QUOTA_H_

#include <optional>

#include "collectors/task_target.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// cgroup v1 answers EINVAL where a cgroup would get a CPU limit above that of a
// cgroup it is in; cgroup v2 lets the lower one win.

// `quota` with the period that it gets in a cgroup with these limits in force,
// if it names none.
CpuQuota WithPeriod(const CpuQuota& quota, const LimitValues& in_force);

// Whether v1 refuses `inner` inside a cgroup that has `outer`: it compares
// quotas per period. Without one it is the default.
bool IsAboveQuota(const CpuQuota& inner, const CpuQuota& outer);

// The quota among limits in force; nullopt if there is none.
std::optional<CpuQuota> QuotaInForce(const LimitValues& limits);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_NESTED_QUOTA_H_
