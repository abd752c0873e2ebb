#ifndef REEVE_AGENT_POLICY_POLICY_FILE_H_
#define REEVE_AGENT_POLICY_POLICY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/policy/policy_rule.h"

namespace reeve {

// Parses a policy file, YAML as docs/policies.md describes it.
// kInvalidArgument names the line, the key and what it takes.
absl::StatusOr<Policy> ParsePolicy(absl::string_view text);

// The same of a file, whose path is named in the error.
absl::StatusOr<Policy> ReadPolicy(const std::string& path);

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_FILE_H_
