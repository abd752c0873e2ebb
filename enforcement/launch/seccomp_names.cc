#include "enforcement/launch/seccomp_names.h"

#include <linux/seccomp.h>

#include <cstring>

namespace reeve {
namespace {

template <typename Value>
struct Named {
  const char* name;
  Value value;
};

constexpr Named<uint32_t> kActions[] = {
    {"SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW},
    {"SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO},
    {"SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD},
    {"SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS},
    {"SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD},
    {"SCMP_ACT_LOG", SECCOMP_RET_LOG},
    {"SCMP_ACT_TRACE", SECCOMP_RET_TRACE},
    {"SCMP_ACT_TRAP", SECCOMP_RET_TRAP}};

constexpr Named<uint32_t> kFlags[] = {
    {"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
    {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
    {"SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC}};

constexpr Named<SeccompOperator> kOperators[] = {
    {"SCMP_CMP_NE", SeccompOperator::kNotEqual},
    {"SCMP_CMP_LT", SeccompOperator::kLess},
    {"SCMP_CMP_LE", SeccompOperator::kLessOrEqual},
    {"SCMP_CMP_EQ", SeccompOperator::kEqual},
    {"SCMP_CMP_GE", SeccompOperator::kGreaterOrEqual},
    {"SCMP_CMP_GT", SeccompOperator::kGreater},
    {"SCMP_CMP_MASKED_EQ", SeccompOperator::kMaskedEqual}};

using Arch = SeccompArchitecture;

constexpr Named<Arch> kArchitectures[] = {
    {"SCMP_ARCH_X86_64", Arch::kX86_64},
    {"SCMP_ARCH_X86", Arch::kX86},
    {"SCMP_ARCH_X32", Arch::kX32},
    // No program of this machine is of those.
    {"SCMP_ARCH_AARCH64", Arch::kOther},
    {"SCMP_ARCH_ARM", Arch::kOther},
    {"SCMP_ARCH_LOONGARCH64", Arch::kOther},
    {"SCMP_ARCH_M68K", Arch::kOther},
    {"SCMP_ARCH_MIPS", Arch::kOther},
    {"SCMP_ARCH_MIPS64", Arch::kOther},
    {"SCMP_ARCH_MIPS64N32", Arch::kOther},
    {"SCMP_ARCH_MIPSEL", Arch::kOther},
    {"SCMP_ARCH_MIPSEL64", Arch::kOther},
    {"SCMP_ARCH_MIPSEL64N32", Arch::kOther},
    {"SCMP_ARCH_PARISC", Arch::kOther},
    {"SCMP_ARCH_PARISC64", Arch::kOther},
    {"SCMP_ARCH_PPC", Arch::kOther},
    {"SCMP_ARCH_PPC64", Arch::kOther},
    {"SCMP_ARCH_PPC64LE", Arch::kOther},
    {"SCMP_ARCH_RISCV64", Arch::kOther},
    {"SCMP_ARCH_S390", Arch::kOther},
    {"SCMP_ARCH_S390X", Arch::kOther},
    {"SCMP_ARCH_SH", Arch::kOther},
    {"SCMP_ARCH_SHEB", Arch::kOther}};

template <typename Value, size_t size>
std::optional<Value> Find(const Named<Value> (&table)[size],
                          absl::string_view name) {
  for (const Named<Value>& row : table) {
    if (name == row.name) return row.value;
  }
  return std::nullopt;
}

// More than the kernel has.
constexpr int kNoErrno = 256;

}  // namespace

std::optional<uint32_t> SeccompAction(absl::string_view name) {
  return Find(kActions, name);
}

std::optional<uint32_t> SeccompFlag(absl::string_view name) {
  return Find(kFlags, name);
}

std::optional<SeccompOperator> SeccompOperatorOf(absl::string_view name) {
  return Find(kOperators, name);
}

std::optional<SeccompArchitecture> SeccompArchitectureOf(
    absl::string_view name) {
  return Find(kArchitectures, name);
}

std::optional<uint32_t> ErrnoOfName(absl::string_view name) {
  for (int number = 1; number < kNoErrno; ++number) {
    const char* const known = strerrorname_np(number);
    if (known != nullptr && name == known) {
      return static_cast<uint32_t>(number);
    }
  }
  return std::nullopt;
}

}  // namespace reeve
