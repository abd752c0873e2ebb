#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_PROFILE_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_PROFILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/kernel_version.h"

namespace reeve {

// Numbered as scmp_compare of seccomp.h.
enum class SeccompOperator {
  kNotEqual = 1,
  kLess,
  kLessOrEqual,
  kEqual,
  kGreaterOrEqual,
  kGreater,
  // The bits of the argument that `value` has set are `value_two`.
  kMaskedEqual,
};

// A comparison of all 64 bits of an argument of a call.
struct SeccompArgument {
  // 0 to 5.
  uint32_t index = 0;
  SeccompOperator op = SeccompOperator::kEqual;
  uint64_t value = 0;
  uint64_t value_two = 0;
};

struct SeccompCondition {
  // Bit N is capability N of linux/capability.h.
  uint64_t capabilities = 0;
  // This one or a later one.
  std::optional<KernelVersion> kernel;
};

// What becomes of some calls.
struct SeccompRule {
  // As in syscalls(2). Those that SeccompCallNumber() does not know are passed
  // over: they may be of a later kernel.
  std::vector<std::string> names;
  // SECCOMP_RET_* of linux/seccomp.h, with its data.
  uint32_t action = 0;
  // All must hold; where an argument is compared more than once, one must.
  std::vector<SeccompArgument> arguments;
  // The rule counts if all of this is so, and nothing of that.
  SeccompCondition includes;
  SeccompCondition excludes;
};

// What becomes of the system calls of a task.
struct SeccompProfile {
  // Of what no rule is for.
  uint32_t default_action = 0;
  // Whether it is for 32-bit programs as well; they are killed if not.
  bool with_x86 = false;
  // And for those of the x32 ABI.
  bool with_x32 = false;
  // SECCOMP_FILTER_FLAG_*.
  uint32_t flags = 0;
  // The first for a call that has no arguments is the only one for it.
  std::vector<SeccompRule> rules;
};

constexpr size_t kMaxSeccompProfileBytes = 1 << 20;
constexpr size_t kMaxSeccompRules = 1024;
constexpr size_t kMaxSeccompArguments = 6;
// In all rules of a profile together.
constexpr size_t kMaxSeccompNames = 2048;
// Those too, and each for every name of its rule: libseccomp takes half a
// second for as many of one argument, and a minute for four times as many.
constexpr size_t kMaxSeccompComparisons = 128;

// A profile in the JSON of the OCI's runtime specification, with what Docker
// and Podman add to it: archMap, includes, excludes, and errors by name. Rules
// for other processors are left out. kInvalidArgument says what is wrong.
absl::StatusOr<SeccompProfile> ParseSeccompProfile(absl::string_view json);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_PROFILE_H_
