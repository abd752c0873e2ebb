#ifndef REEVE_ENFORCEMENT_SPEC_IO_RULES_H_
#define REEVE_ENFORCEMENT_SPEC_IO_RULES_H_

#include "absl/status/status.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The part of ValidateLimits() for input and output.
absl::Status ValidateIo(const ResourceLimits& limits);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_IO_RULES_H_
