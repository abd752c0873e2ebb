#ifndef REEVE_AGENT_POLICY_POLICY_FILE_H_
#define REEVE_AGENT_POLICY_POLICY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/policy/policy_rule.h"
#include "base/configuration_file.h"

namespace reeve {

// Parses a policy file, YAML as docs/policies.md describes it.
// kInvalidArgument names the line, the key and what it takes.
absl::StatusOr<Policy> ParsePolicy(absl::string_view text);

// The same of a file of at most 1 MiB, whose path is named in the error. Never
// waits. kPermissionDenied for one that `writers` does not trust.
absl::StatusOr<Policy> ReadPolicy(const std::string& path,
                                  TrustedWriters writers);

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_FILE_H_
