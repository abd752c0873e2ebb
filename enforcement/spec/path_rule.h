#ifndef REEVE_ENFORCEMENT_SPEC_PATH_RULE_H_
#define REEVE_ENFORCEMENT_SPEC_PATH_RULE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What a task may do with a file, or with all that is below a directory.
struct PathRule {
  // Absolute.
  std::string path;
  // Read files and list directories.
  bool read = false;
  // Change what is in files that are there, and control devices.
  bool write = false;
  // Run programs.
  bool execute = false;
  // Make, remove, rename and link files and directories, but no devices.
  bool create = false;
};

constexpr size_t kMaxPathRules = 256;

// The letters of what a rule allows, in the order "rwxc": "rx".
std::string PathAccessText(const PathRule& rule);

// Sets what `text` allows, "ro" for "rx", "rw" for "rwxc", or any of these
// letters, each once. kInvalidArgument for anything else.
absl::Status ParsePathAccess(absl::string_view text, PathRule* rule);

// "ro:/usr": an access and a path. kInvalidArgument says what is wrong.
absl::StatusOr<PathRule> ParsePathRule(absl::string_view text);

// kInvalidArgument, naming the rule, unless each allows something, of an
// absolute path, and there are not too many.
absl::Status ValidatePathRules(const std::vector<PathRule>& rules);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_PATH_RULE_H_
