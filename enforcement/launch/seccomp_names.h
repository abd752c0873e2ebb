#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_NAMES_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "enforcement/launch/seccomp_profile.h"

namespace reeve {

// What the names in a profile stand for; nullopt for one that there is not.

// "SCMP_ACT_ERRNO" to SECCOMP_RET_ERRNO, without an error.
std::optional<uint32_t> SeccompAction(absl::string_view name);

// "SECCOMP_FILTER_FLAG_LOG". Not those that go with a listener.
std::optional<uint32_t> SeccompFlag(absl::string_view name);

// "SCMP_CMP_EQ".
std::optional<SeccompOperator> SeccompOperatorOf(absl::string_view name);

enum class SeccompArchitecture { kX86_64, kX86, kX32, kOther };

// "SCMP_ARCH_X86".
std::optional<SeccompArchitecture> SeccompArchitectureOf(
    absl::string_view name);

// "EPERM" to 1.
std::optional<uint32_t> ErrnoOfName(absl::string_view name);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_NAMES_H_
