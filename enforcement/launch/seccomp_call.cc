#include "enforcement/launch/seccomp_call.h"

#include <seccomp.h>

#include <algorithm>
#include <cstdlib>

namespace reeve {
namespace {

// Those that Debian 12's libseccomp does not know yet, by
// arch/x86/entry/syscalls/syscall_64.tbl. They are for 64-bit programs only:
// rules with arguments could not be made for others.
struct LaterCall {
  const char* name;
  int number;
};

constexpr LaterCall kLaterCalls[] = {
    {"statmount", 457},         {"listmount", 458},
    {"lsm_get_self_attr", 459}, {"lsm_set_self_attr", 460},
    {"lsm_list_modules", 461},  {"mseal", 462},
    {"setxattrat", 463},        {"getxattrat", 464},
    {"listxattrat", 465},       {"removexattrat", 466},
    {"open_tree_attr", 467},    {"file_getattr", 468},
    {"file_setattr", 469},      {"listns", 470},
    {"rseq_slice_yield", 471}};

constexpr uint32_t kLastLaterCall = 471;

// Of Linux 5.17, which any libseccomp that this is built with knows.
constexpr uint32_t kSurelyKnown = 450;

// Whether libseccomp has a name for a number of an architecture.
bool IsNamed(uint32_t architecture, uint32_t number) {
  char* const name =
      seccomp_syscall_resolve_num_arch(architecture, static_cast<int>(number));
  const bool is_named = name != nullptr;
  std::free(name);
  return is_named;
}

}  // namespace

std::optional<int> SeccompCallNumber(const std::string& name,
                                     uint32_t architecture) {
  const int number =
      seccomp_syscall_resolve_name_arch(architecture, name.c_str());
  if (number != __NR_SCMP_ERROR) return number;
  if (architecture != SCMP_ARCH_X86_64) return std::nullopt;
  for (const LaterCall& call : kLaterCalls) {
    if (name == call.name) return call.number;
  }
  return std::nullopt;
}

bool IsMultiplexedCall(const std::string& name) {
  // By the numbers that libseccomp gives to those.
  const int number =
      seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, name.c_str());
  return number <= -100 && number > -300;
}

uint32_t LastSeccompCall(uint32_t architecture) {
  uint32_t last = kSurelyKnown;
  while (IsNamed(architecture, last + 1)) ++last;
  return architecture == SCMP_ARCH_X86_64 ? std::max(last, kLastLaterCall)
                                          : last;
}

}  // namespace reeve
