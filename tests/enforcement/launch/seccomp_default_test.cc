#include "enforcement/launch/seccomp_default.h"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "enforcement/launch/seccomp_call.h"
#include "enforcement/launch/seccomp_filter.h"
#include "gtest/gtest.h"
#include "tests/testing/seccomp_machine.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

constexpr uint32_t kAllowed = SECCOMP_RET_ALLOW;
constexpr uint32_t kDenied = SECCOMP_RET_ERRNO | EPERM;
constexpr uint32_t kAbsent = SECCOMP_RET_ERRNO | ENOSYS;

constexpr uint64_t kUpperHalf = uint64_t{1} << 32;

SeccompFilter FilterOn(KernelVersion kernel,
                       std::initializer_list<int> capabilities) {
  uint64_t mask = 0;
  for (const int capability : capabilities) mask |= uint64_t{1} << capability;
  const auto filter =
      CompileSeccompProfile(DefaultSeccompProfile(), mask, kernel);
  EXPECT_THAT(filter, IsOk());
  return filter.value_or(SeccompFilter());
}

SeccompFilter FilterWith(std::initializer_list<int> capabilities) {
  return FilterOn({6, 1}, capabilities);
}

uint32_t ActionOn(const SeccompFilter& filter, const std::string& name,
                  std::initializer_list<uint64_t> arguments = {}) {
  const auto number = SeccompCallNumber(name, AUDIT_ARCH_X86_64);
  EXPECT_TRUE(number.has_value() && *number >= 0) << name;
  seccomp_data call = {};
  call.nr = number.value_or(-1);
  call.arch = AUDIT_ARCH_X86_64;
  std::copy(arguments.begin(), arguments.end(), call.args);
  const auto action = RunSeccompFilter(filter.program, call);
  EXPECT_TRUE(action.has_value()) << name;
  return action.value_or(0);
}

TEST(DefaultSeccompProfileTest, NamesOnlyCallsThatThereAre) {
  std::set<std::string> names;
  for (const SeccompRule& rule : DefaultSeccompProfile().rules) {
    for (const std::string& name : rule.names) {
      EXPECT_TRUE(SeccompCallNumber(name, AUDIT_ARCH_X86_64).has_value())
          << name;
      names.insert(name);
    }
  }
  const auto is_of_64_bits = [](const std::string& name) {
    return SeccompCallNumber(name, AUDIT_ARCH_X86_64).value_or(-1) >= 0;
  };
  EXPECT_GT(std::count_if(names.begin(), names.end(), is_of_64_bits), 300);
}

TEST(DefaultSeccompProfileTest, OrdinaryProgramsAreNotInTheWay) {
  const SeccompFilter filter = FilterWith({});
  for (const char* name :
       {"read", "openat", "execve", "fork", "vfork", "futex", "mmap", "ptrace",
        "mbind", "connect", "landlock_add_rule", "seccomp", "fchmodat2",
        "epoll_wait", "adjtimex", "set_mempolicy", "prctl", "mseal"}) {
    EXPECT_EQ(ActionOn(filter, name), kAllowed) << name;
  }
}

TEST(DefaultSeccompProfileTest, WhatNobodyHasIsDeniedWithAllCapabilities) {
  const auto all = CompileSeccompProfile(DefaultSeccompProfile(), UINT64_MAX,
                                         KernelVersion(6, 1));
  ASSERT_THAT(all, IsOk());
  for (const char* name :
       {"keyctl", "add_key", "request_key", "userfaultfd", "io_uring_setup",
        "io_uring_enter", "io_uring_register", "uselib", "ustat", "sysfs",
        "nfsservctl", "create_module", "_sysctl"}) {
    EXPECT_EQ(ActionOn(FilterWith({}), name), kDenied) << name;
    EXPECT_EQ(ActionOn(*all, name), kDenied) << name;
  }
}

TEST(DefaultSeccompProfileTest, ACapabilityOpensWhatItIsFor) {
  struct Row {
    int capability;
    std::initializer_list<const char*> names;
  };
  const std::initializer_list<Row> table = {
      {CAP_SYS_ADMIN,
       {"mount",     "umount2",       "pivot_root", "move_mount",
        "open_tree", "fsopen",        "fsconfig",   "fsmount",
        "fspick",    "mount_setattr", "unshare",    "setns",
        "clone3",    "quotactl",      "bpf",        "perf_event_open",
        "syslog",    "sethostname",   "swapon",     "fanotify_init"}},
      {CAP_BPF, {"bpf"}},
      {CAP_PERFMON, {"perf_event_open"}},
      {CAP_DAC_READ_SEARCH, {"open_by_handle_at"}},
      {CAP_SYSLOG, {"syslog"}},
      {CAP_SYS_BOOT, {"reboot", "kexec_load", "kexec_file_load"}},
      {CAP_SYS_CHROOT, {"chroot"}},
      {CAP_SYS_MODULE, {"init_module", "finit_module", "delete_module"}},
      {CAP_SYS_NICE, {"move_pages", "migrate_pages"}},
      {CAP_SYS_PACCT, {"acct"}},
      {CAP_SYS_PTRACE, {"kcmp", "pidfd_getfd", "process_madvise"}},
      {CAP_SYS_RAWIO, {"iopl", "ioperm"}},
      {CAP_SYS_TIME, {"settimeofday", "clock_settime"}},
      {CAP_SYS_TTY_CONFIG, {"vhangup"}}};
  const SeccompFilter none = FilterWith({});
  for (const Row& row : table) {
    const SeccompFilter filter = FilterWith({row.capability});
    for (const char* name : row.names) {
      const bool is_clone3 = absl::string_view(name) == "clone3";
      EXPECT_EQ(ActionOn(none, name), is_clone3 ? kAbsent : kDenied) << name;
      EXPECT_EQ(ActionOn(filter, name), kAllowed) << name;
    }
  }
}

TEST(DefaultSeccompProfileTest, CloneMakesThreadsAndNoNamespaces) {
  const SeccompFilter filter = FilterWith({});
  EXPECT_EQ(ActionOn(filter, "clone", {CLONE_VM | CLONE_THREAD | CLONE_SETTLS}),
            kAllowed);
  for (const uint64_t flag :
       {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
        CLONE_NEWPID, CLONE_NEWNET}) {
    EXPECT_EQ(ActionOn(filter, "clone", {flag | CLONE_VM}), kDenied) << flag;
    EXPECT_EQ(ActionOn(FilterWith({CAP_SYS_ADMIN}), "clone", {flag}), kAllowed);
  }
}

TEST(DefaultSeccompProfileTest, SocketsAreOfAnyFamilyButVsock) {
  const SeccompFilter filter = FilterWith({});
  for (uint64_t family = 0; family < AF_MAX; ++family) {
    const uint32_t expected = family == AF_VSOCK ? kDenied : kAllowed;
    EXPECT_EQ(ActionOn(filter, "socket", {family}), expected) << family;
    // The kernel does not see the upper half.
    EXPECT_EQ(ActionOn(filter, "socket", {kUpperHalf | family}), expected);
  }
}

TEST(DefaultSeccompProfileTest, PersonalitiesThatDropProtectionsAreDenied) {
  const SeccompFilter filter = FilterWith({CAP_SYS_ADMIN});
  for (const uint64_t persona : {0x0, 0x8, 0x20000, 0x20008}) {
    EXPECT_EQ(ActionOn(filter, "personality", {persona}), kAllowed) << persona;
  }
  EXPECT_EQ(ActionOn(filter, "personality", {0xffffffff}), kAllowed);
  // Without randomized addresses; with data that can be executed.
  EXPECT_EQ(ActionOn(filter, "personality", {0x0040000}), kDenied);
  EXPECT_EQ(ActionOn(filter, "personality", {0x0400000}), kDenied);
}

TEST(DefaultSeccompProfileTest, OldKernelsAskForACapabilityToTrace) {
  EXPECT_EQ(ActionOn(FilterOn({4, 7}, {}), "ptrace"), kDenied);
  EXPECT_EQ(ActionOn(FilterOn({4, 8}, {}), "ptrace"), kAllowed);
  EXPECT_EQ(ActionOn(FilterOn({4, 7}, {CAP_SYS_PTRACE}), "ptrace"), kAllowed);
}

TEST(DefaultSeccompProfileTest, ThirtyTwoBitProgramsRunButMakeNoSockets) {
  const SeccompFilter filter = FilterWith({});
  const auto action_on = [&filter](int number, uint64_t first) {
    seccomp_data call = {};
    call.nr = number;
    call.arch = AUDIT_ARCH_I386;
    call.args[0] = first;
    return RunSeccompFilter(filter.program, call);
  };
  // By asm/unistd_32.h: write, stat64, clock_gettime64, socketcall, socket,
  // keyctl, mount.
  EXPECT_EQ(action_on(4, 1), kAllowed);
  EXPECT_EQ(action_on(195, 0), kAllowed);
  EXPECT_EQ(action_on(403, 0), kAllowed);
  EXPECT_EQ(action_on(102, 3), kAllowed);
  EXPECT_EQ(action_on(102, 1), kDenied);
  EXPECT_EQ(action_on(359, AF_VSOCK), kDenied);
  EXPECT_EQ(action_on(288, 0), kDenied);
  EXPECT_EQ(action_on(21, 0), kDenied);
}

TEST(DefaultSeccompProfileTest, ItsFilterIsShort) {
  EXPECT_LT(FilterWith({}).program.size(), 600u);
}

}  // namespace
}  // namespace reeve
