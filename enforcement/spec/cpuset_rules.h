#ifndef REEVE_ENFORCEMENT_SPEC_CPUSET_RULES_H_
#define REEVE_ENFORCEMENT_SPEC_CPUSET_RULES_H_

#include "absl/status/status.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The cpuset part of ValidateLimits().
absl::Status ValidateCpuset(const ResourceLimits& limits);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_CPUSET_RULES_H_
