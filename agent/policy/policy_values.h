#ifndef REEVE_AGENT_POLICY_POLICY_VALUES_H_
#define REEVE_AGENT_POLICY_POLICY_VALUES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/policy/policy_rule.h"

namespace reeve {

// Values of a policy file. kInvalidArgument with the text and what is accepted.

// More than 0 and 1 at most: "25%" or "0.25".
absl::StatusOr<double> ParseRatio(absl::string_view text);

// "true" or "false".
absl::StatusOr<bool> ParseBool(absl::string_view text);

// "1.5x", a factor from 1.01 to 10; or cores, "0.25".
absl::StatusOr<PolicyStep> ParseCpuStep(absl::string_view text);

// The same, or bytes: "64M".
absl::StatusOr<PolicyStep> ParseMemoryStep(absl::string_view text);

// The name of a rule, which becomes a label: [A-Za-z0-9][A-Za-z0-9_.-]{0,63}.
absl::StatusOr<std::string> ParseRuleName(absl::string_view text);

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_VALUES_H_
