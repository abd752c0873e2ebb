#include "enforcement/launch/seccomp_default.h"

#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/personality.h>

#include <cerrno>
#include <initializer_list>
#include <utility>

#include "absl/strings/str_split.h"
#include "enforcement/launch/seccomp_default_calls.h"

namespace reeve {
namespace {

constexpr uint32_t kNoSuchCall = SECCOMP_RET_ERRNO | ENOSYS;

// Of an argument that is an int to the kernel, which does not look further.
constexpr uint64_t kLow32Bits = 0xffffffff;

constexpr uint64_t Bit(int capability) { return uint64_t{1} << capability; }

SeccompRule Allow(absl::string_view names) {
  SeccompRule rule;
  rule.names = absl::StrSplit(names, ' ', absl::SkipEmpty());
  rule.action = SECCOMP_RET_ALLOW;
  return rule;
}

SeccompRule AllowMasked(absl::string_view name, uint64_t mask, uint64_t value) {
  SeccompRule rule = Allow(name);
  rule.arguments.push_back({0, SeccompOperator::kMaskedEqual, mask, value});
  return rule;
}

void AddByCapability(SeccompProfile* profile) {
  for (const CallsOfCapability& calls : kCallsByCapability) {
    SeccompRule rule = Allow(calls.names);
    rule.includes.capabilities = Bit(calls.capability);
    profile->rules.push_back(std::move(rule));
  }
}

// A new user namespace makes its first process root of it, to whom far more of
// the kernel is open; the others take CAP_SYS_ADMIN anyway. What clone3(2) asks
// for is in memory, where a filter does not see it: C libraries fall back to
// clone(2) if there is none.
void AddClone(SeccompProfile* profile) {
  constexpr uint64_t kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP |
                                   CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                   CLONE_NEWPID | CLONE_NEWNET;
  SeccompRule clone = AllowMasked("clone", kNamespaces, 0);
  clone.excludes.capabilities = Bit(CAP_SYS_ADMIN);
  profile->rules.push_back(std::move(clone));
  SeccompRule clone3 = Allow("clone3");
  clone3.action = kNoSuchCall;
  clone3.excludes.capabilities = Bit(CAP_SYS_ADMIN);
  profile->rules.push_back(std::move(clone3));
}

// Any family of sockets but AF_VSOCK (40), which speaks to the host of a
// virtual machine past every network namespace. The numbers are tiled by blocks
// of a power of two; comparing for inequality would look at the upper half too,
// and be led astray by it.
void AddSocket(SeccompProfile* profile) {
  struct Families {
    uint64_t first;
    uint64_t count;
  };
  constexpr Families kFamilies[] = {
      {0, 32}, {32, 8}, {41, 1}, {42, 2}, {44, 4}};
  for (const Families& families : kFamilies) {
    const uint64_t mask = kLow32Bits & ~(families.count - 1);
    profile->rules.push_back(AllowMasked("socket", mask, families.first));
  }
}

// Those that make a program see another processor or an older kernel, and the
// question which it is; not those that switch off protections.
void AddPersonality(SeccompProfile* profile) {
  for (const uint64_t persona :
       {uint64_t{PER_LINUX}, uint64_t{PER_LINUX32}, uint64_t{UNAME26},
        uint64_t{UNAME26} | PER_LINUX32, kLow32Bits}) {
    profile->rules.push_back(AllowMasked("personality", kLow32Bits, persona));
  }
}

// Debuggers, and sanitizers looking for leaks, trace their own children, and
// the kernel asks for the rights over them. Before Linux 4.8 a tracer could
// have changed a call after the filter had seen it.
void AddTracing(SeccompProfile* profile) {
  constexpr char kTracing[] = "ptrace process_vm_readv process_vm_writev";
  SeccompRule anyone = Allow(kTracing);
  anyone.includes.kernel = KernelVersion(4, 8);
  profile->rules.push_back(std::move(anyone));
  SeccompRule capable = Allow(kTracing);
  capable.includes.capabilities = Bit(CAP_SYS_PTRACE);
  capable.excludes.kernel = KernelVersion(4, 8);
  profile->rules.push_back(std::move(capable));
}

}  // namespace

SeccompProfile DefaultSeccompProfile() {
  SeccompProfile profile;
  profile.default_action = SECCOMP_RET_ERRNO | EPERM;
  profile.with_x86 = true;
  for (const char* names : kCallsOfAnyone) {
    profile.rules.push_back(Allow(names));
  }
  AddByCapability(&profile);
  AddClone(&profile);
  AddSocket(&profile);
  AddPersonality(&profile);
  AddTracing(&profile);
  return profile;
}

}  // namespace reeve
