#ifndef REEVE_ENFORCEMENT_SPEC_LIMIT_PARTS_H_
#define REEVE_ENFORCEMENT_SPEC_LIMIT_PARTS_H_

#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The limits that a cgroup keeps, and those that each process keeps.
ResourceLimits CgroupLimits(ResourceLimits limits);
ResourceLimits ProcessLimits(const ResourceLimits& limits);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_LIMIT_PARTS_H_
