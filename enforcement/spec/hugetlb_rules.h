#ifndef REEVE_ENFORCEMENT_SPEC_HUGETLB_RULES_H_
#define REEVE_ENFORCEMENT_SPEC_HUGETLB_RULES_H_

#include "absl/status/status.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The part of ValidateLimits() for huge pages.
absl::Status ValidateHugetlb(const ResourceLimits& limits);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_HUGETLB_RULES_H_
