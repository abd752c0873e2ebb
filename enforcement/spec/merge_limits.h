#ifndef REEVE_ENFORCEMENT_SPEC_MERGE_LIMITS_H_
#define REEVE_ENFORCEMENT_SPEC_MERGE_LIMITS_H_

#include "enforcement/spec/resource_limits.h"

namespace reeve {

// What is asked for of a task after `update`, where `limits` was before. A
// limit that excludes another takes its place. A CPU limit without a period
// keeps that of the one before.
ResourceLimits MergeLimits(ResourceLimits limits, const ResourceLimits& update);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_MERGE_LIMITS_H_
