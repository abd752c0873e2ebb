#include "enforcement/launch/seccomp_program.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/launch/seccomp_call.h"
#include "enforcement/launch/seccomp_lookup.h"

namespace reeve {
namespace {

// Set in the number of a call of the x32 ABI.
constexpr uint32_t kX32Bit = 0x40000000;

// Loading costs least if the kernel walks a tree of the numbers to see which
// calls are always allowed.
constexpr uint32_t kBinaryTree = 2;

struct ReleaseContext {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, ReleaseContext>;

// libseccomp's functions return a negative errno.
absl::Status Failed(int result, absl::string_view what) {
  return ErrnoStatus(-result, absl::StrCat("seccomp filter: ", what));
}

// A filter without rules for one architecture.
absl::StatusOr<Context> NewContext(uint32_t default_action,
                                   uint32_t architecture) {
  Context context(seccomp_init(default_action));
  if (context == nullptr) return Failed(-EINVAL, "this kernel has no seccomp");
  int result = seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH,
                                SCMP_ACT_KILL_PROCESS);
  if (result == 0) {
    result =
        seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, kBinaryTree);
  }
  if (result == 0 && architecture != SCMP_ARCH_X86_64) {
    result = seccomp_arch_remove(context.get(), SCMP_ARCH_X86_64);
    if (result == 0) result = seccomp_arch_add(context.get(), architecture);
  }
  if (result != 0) return Failed(result, "prepare");
  return context;
}

bool Holds(const SeccompRule& rule, uint64_t capabilities,
           KernelVersion kernel) {
  const SeccompCondition& includes = rule.includes;
  const SeccompCondition& excludes = rule.excludes;
  if ((includes.capabilities & ~capabilities) != 0) return false;
  if (includes.kernel.has_value() && kernel < *includes.kernel) return false;
  if ((excludes.capabilities & capabilities) != 0) return false;
  return !excludes.kernel.has_value() || kernel < *excludes.kernel;
}

scmp_arg_cmp Comparison(const SeccompArgument& argument) {
  return {argument.index, static_cast<scmp_compare>(argument.op),
          argument.value, argument.value_two};
}

// What libseccomp is to be given one after the other: it compares an argument
// once in a rule.
std::vector<std::vector<scmp_arg_cmp>> Comparisons(const SeccompRule& rule) {
  std::vector<scmp_arg_cmp> all;
  std::vector<std::vector<scmp_arg_cmp>> each;
  uint32_t seen = 0;
  bool is_repeated = false;
  for (const SeccompArgument& argument : rule.arguments) {
    const uint32_t bit = uint32_t{1} << argument.index;
    is_repeated = is_repeated || (seen & bit) != 0;
    seen |= bit;
    all.push_back(Comparison(argument));
    each.push_back({all.back()});
  }
  if (is_repeated) return each;
  return {all};
}

bool Allows(uint32_t action) {
  return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

// Whether libseccomp makes of a rule what it says. It leaves out the arguments
// where they cannot be seen, which must not allow more.
bool IsKept(const SeccompRule& rule, const std::string& name,
            uint32_t architecture) {
  return architecture != SCMP_ARCH_X86 || rule.arguments.empty() ||
         !Allows(rule.action) || !IsMultiplexedCall(name);
}

absl::Status Refused(const std::string& name, int result) {
  if (result != -EEXIST) return Failed(result, name);
  return absl::InvalidArgumentError(absl::StrCat(
      "seccomp profile: two rules for ", absl::CHexEscape(name),
      " with the same arguments have different actions: leave one out"));
}

absl::Status AddToContext(const SeccompRule& rule, const std::string& name,
                          const Context& context) {
  // libseccomp translates from those of this architecture.
  const int number = SeccompCallNumber(name, SCMP_ARCH_X86_64).value_or(-1);
  for (const std::vector<scmp_arg_cmp>& all : Comparisons(rule)) {
    const int result = seccomp_rule_add_array(
        context.get(), rule.action, number,
        static_cast<unsigned int>(all.size()), all.data());
    if (result != 0) return Refused(name, result);
  }
  return absl::OkStatus();
}

// The first action for each call for which there is one whatever its arguments.
using Actions = std::map<uint32_t, uint32_t>;

// Adds what a rule says of calls of an architecture to `actions`, or to
// `context` where there is more to it.
absl::Status AddRule(const SeccompRule& rule, uint32_t architecture,
                     Actions* actions, const Context& context) {
  for (const std::string& name : rule.names) {
    const auto number = SeccompCallNumber(name, architecture);
    if (!number.has_value()) continue;
    if (*number >= 0 && rule.arguments.empty()) {
      actions->emplace(*number, rule.action);
    } else if (IsKept(rule, name, architecture)) {
      absl::Status status = AddToContext(rule, name, context);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

bool IsError(uint32_t action) {
  return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

// What the number of a call alone decides.
SeccompRanges RangesOf(const Actions& actions, uint32_t default_action,
                       uint32_t architecture) {
  SeccompRanges ranges;
  if (IsError(default_action) && architecture != SCMP_ARCH_X32) {
    ranges[LastSeccompCall(architecture) + 1] = SECCOMP_RET_ERRNO | ENOSYS;
    // From here on they are of x32.
    ranges[kX32Bit] = std::nullopt;
  }
  for (const auto& [number, action] : actions) {
    SetSeccompAction(number, action, &ranges);
  }
  return ranges;
}

// Instructions that end programs of another architecture, and load the number.
std::vector<sock_filter> Beginning(uint32_t architecture) {
  const uint32_t expected =
      architecture == SCMP_ARCH_X86 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
  return {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, expected, 1, 0),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
}

absl::StatusOr<std::vector<sock_filter>> Export(const Context& context) {
  const UniqueFd file(memfd_create("seccomp", MFD_CLOEXEC));
  if (!file) return ErrnoStatus(errno, "memfd_create");
  const int result = seccomp_export_bpf(context.get(), file.get());
  if (result != 0) return Failed(result, "export");
  const off_t size = lseek(file.get(), 0, SEEK_END);
  if (size < 0) return ErrnoStatus(errno, "lseek");
  std::vector<sock_filter> program(static_cast<size_t>(size) /
                                   sizeof(sock_filter));
  if (pread(file.get(), program.data(), static_cast<size_t>(size), 0) != size) {
    return ErrnoStatus(errno, "read seccomp filter");
  }
  return program;
}

void Append(const std::vector<sock_filter>& more,
            std::vector<sock_filter>* program) {
  program->insert(program->end(), more.begin(), more.end());
}

}  // namespace

absl::StatusOr<std::vector<sock_filter>> CompileSeccompProgram(
    const SeccompProfile& profile, uint64_t capabilities, KernelVersion kernel,
    uint32_t architecture) {
  const absl::StatusOr<Context> context =
      NewContext(profile.default_action, architecture);
  if (!context.ok()) return context.status();
  Actions actions;
  for (const SeccompRule& rule : profile.rules) {
    // libseccomp refuses a rule that changes nothing.
    if (rule.action == profile.default_action) continue;
    if (!Holds(rule, capabilities, kernel)) continue;
    absl::Status status = AddRule(rule, architecture, &actions, *context);
    if (!status.ok()) return status;
  }
  const absl::StatusOr<std::vector<sock_filter>> rest = Export(*context);
  if (!rest.ok()) return rest.status();
  std::vector<sock_filter> program = Beginning(architecture);
  Append(SeccompLookup(RangesOf(actions, profile.default_action, architecture)),
         &program);
  Append(*rest, &program);
  return program;
}

}  // namespace reeve
