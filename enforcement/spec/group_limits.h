#ifndef REEVE_ENFORCEMENT_SPEC_GROUP_LIMITS_H_
#define REEVE_ENFORCEMENT_SPEC_GROUP_LIMITS_H_

#include "absl/status/status.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// ValidateLimits() for the limits that the tasks of a group share, and
// kInvalidArgument for one that only a task can have: a group has no processes
// of its own.
absl::Status ValidateGroupLimits(const ResourceLimits& limits);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_GROUP_LIMITS_H_
