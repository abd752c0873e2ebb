#ifndef REEVE_ENFORCEMENT_SPEC_PROCESS_LIMIT_RULES_H_
#define REEVE_ENFORCEMENT_SPEC_PROCESS_LIMIT_RULES_H_

#include "absl/status/status.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The part of ValidateLimits() for what each process keeps.
absl::Status ValidateProcessLimits(const ResourceLimits& limits);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_PROCESS_LIMIT_RULES_H_
