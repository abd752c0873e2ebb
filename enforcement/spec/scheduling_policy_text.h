#ifndef REEVE_ENFORCEMENT_SPEC_SCHEDULING_POLICY_TEXT_H_
#define REEVE_ENFORCEMENT_SPEC_SCHEDULING_POLICY_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// "other", "batch", "idle", "fifo:PRIORITY" or "rr:PRIORITY", with a priority
// of 1 to 99. kInvalidArgument, with what can be given, for anything else.
absl::StatusOr<SchedulingPolicy> ParseSchedulingPolicy(absl::string_view text);

std::string SchedulingPolicyText(const SchedulingPolicy& policy);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_SCHEDULING_POLICY_TEXT_H_
