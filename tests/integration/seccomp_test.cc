// What filters do to system calls, on the real kernel.

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/config.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "enforcement/launch/seccomp_filters.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

// No exit status of a child that ran to its end.
constexpr int kNotInstalled = 254;

bool Install(const SeccompFilter& filter) {
  std::vector<sock_filter> program = filter.program;
  const sock_fprog all = {static_cast<unsigned short>(program.size()),
                          program.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter.flags, &all) == 0;
}

// How a child ends that exits with what `body` returns, under a filter.
int StatusUnder(const SharedSeccompFilter& filter,
                const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(Install(*filter) ? body() : kNotInstalled);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) == kNotInstalled);
  return status;
}

int ExitUnder(const SharedSeccompFilter& filter,
              const std::function<int()>& body) {
  const int status = StatusUnder(filter, body);
  EXPECT_TRUE(WIFEXITED(status)) << status;
  return WEXITSTATUS(status);
}

// The error of a system call that is made under a filter; 0 if it succeeds.
template <typename... Arguments>
int ErrorUnder(const SharedSeccompFilter& filter, long number,
               Arguments... arguments) {
  return ExitUnder(
      filter, [=] { return syscall(number, arguments...) < 0 ? errno : 0; });
}

class SeccompTest : public ::testing::Test {
 protected:
  SharedSeccompFilter Default(uint64_t capabilities = 0) {
    const auto filter = filters_.Default(capabilities);
    EXPECT_THAT(filter, IsOk());
    return filter.value_or(std::make_shared<SeccompFilter>());
  }

  // The filter of a profile that allows all but for a rule.
  SharedSeccompFilter WithRule(absl::string_view rule) {
    const auto filter = filters_.OfProfile(
        absl::StrCat(R"({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [)",
                     rule, "]}"),
        0);
    EXPECT_THAT(filter, IsOk());
    return filter.value_or(std::make_shared<SeccompFilter>());
  }

 private:
  SeccompFilters filters_;
};

TEST_F(SeccompTest, TheDefaultDeniesWhatATaskDoesNotNeed) {
  const SharedSeccompFilter filter = Default();
  EXPECT_EQ(ErrorUnder(filter, SYS_keyctl, 0, -3, 1), EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_bpf, 0, nullptr, 0), EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_perf_event_open, nullptr, 0, 0, 0, 0),
            EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_mount, nullptr, "/no/such", nullptr, 0, 0),
            EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_umount2, "/no/such", 0), EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_unshare, CLONE_NEWUSER), EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_setns, -1, 0), EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_io_uring_setup, 1, nullptr), EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_userfaultfd, 0), EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_socket, AF_VSOCK, SOCK_STREAM, 0), EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0),
            EPERM);
  EXPECT_EQ(ErrorUnder(filter, SYS_clone3, nullptr, 0), ENOSYS);
  // Newer than any kernel.
  EXPECT_EQ(ErrorUnder(filter, 1000), ENOSYS);
}

TEST_F(SeccompTest, ACapabilityLetsCallsReachTheKernel) {
  const SharedSeccompFilter filter = Default(uint64_t{1} << CAP_SYS_ADMIN);
  EXPECT_EQ(ErrorUnder(filter, SYS_mount, nullptr, "/no/such", nullptr, 0, 0),
            ENOENT);
  EXPECT_EQ(ErrorUnder(filter, SYS_unshare, 0), 0);
  EXPECT_EQ(ErrorUnder(filter, SYS_setns, -1, 0), EBADF);
  EXPECT_EQ(ErrorUnder(filter, SYS_clone3, nullptr, 0), EINVAL);
  EXPECT_EQ(ErrorUnder(filter, SYS_keyctl, 0, -3, 1), EPERM);
}

TEST_F(SeccompTest, ProgramsRunUnderTheDefault) {
  const int result = ExitUnder(Default(), [] {
    execl("/bin/sh", "sh", "-c",
          "test \"$(echo one two | cat | wc -w)\" = 2 && cd / && ls >/dev/null",
          nullptr);
    return 1;
  });
  EXPECT_EQ(result, 0);
}

TEST_F(SeccompTest, ThreadsAndFilesAndSocketsWorkUnderTheDefault) {
  const int result = ExitUnder(Default(), [] {
    int value = 0;
    std::thread([&value] { value = 1; }).join();
    int ends[2];
    char byte = 'x';
    if (pipe(ends) != 0 || write(ends[1], &byte, 1) != 1) return 2;
    if (read(ends[0], &byte, 1) != 1) return 3;
    if (open("/dev/null", O_RDWR | O_CLOEXEC) < 0) return 4;
    if (socket(AF_INET, SOCK_STREAM, 0) < 0) return 5;
    if (socket(AF_UNIX, SOCK_STREAM, 0) < 0) return 6;
    return value == 1 ? 0 : 7;
  });
  EXPECT_EQ(result, 0);
}

// A call as 32-bit programs make it.
long CallOf32Bits(long number, long first, long second) {
  long result = number;
  __asm__ volatile("int $0x80"
                   : "+a"(result)
                   : "b"(first), "c"(second)
                   : "memory", "r8", "r9", "r10", "r11");
  return result;
}

TEST_F(SeccompTest, TheOldEntryOf32BitProgramsIsNoWayAround) {
  // By asm/unistd_32.h: getpid, umount2, and socketcall for a socket.
  constexpr long kGetpid = 20;
  constexpr long kUmount = 52;
  constexpr long kSocketcall = 102;
  const SharedSeccompFilter all =
      WithRule(R"({"names": ["keyctl"], "action": "SCMP_ACT_LOG"})");
  const pid_t probe = fork();
  if (probe == 0) _exit(CallOf32Bits(kGetpid, 0, 0) == getpid() ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(probe, &status, 0), probe);
  if (status != 0) GTEST_SKIP() << "this kernel runs no 32-bit programs";

  EXPECT_EQ(ExitUnder(Default(),
                      [] { return CallOf32Bits(kGetpid, 0, 0) != getpid(); }),
            0);
  const auto error = [](long number, long first, long second) {
    return static_cast<int>(-CallOf32Bits(number, first, second));
  };
  EXPECT_EQ(ExitUnder(Default(), [&] { return error(kUmount, 0, 0); }), EPERM);
  EXPECT_EQ(ExitUnder(Default(), [&] { return error(kSocketcall, 1, 0); }),
            EPERM);
  // A profile that does not speak of them kills them.
  status = StatusUnder(all, [&] { return error(kGetpid, 0, 0); });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) << status;
}

TEST_F(SeccompTest, AnErrorOfAProfileIsTheCalls) {
  const SharedSeccompFilter filter = WithRule(
      R"({"names": ["getppid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 77})");
  EXPECT_EQ(ErrorUnder(filter, SYS_getppid), 77);
  EXPECT_EQ(ErrorUnder(filter, SYS_getpid), 0);
}

TEST_F(SeccompTest, ArgumentsAreCompared) {
  const auto error = [this](absl::string_view comparison, long which) {
    return ErrorUnder(
        WithRule(absl::StrCat(
            R"({"names": ["getpriority"], "action": "SCMP_ACT_ERRNO",
                "errnoRet": 88, "args": [{"index": 1, )",
            comparison, "}]}")),
        SYS_getpriority, PRIO_PROCESS, which);
  };
  constexpr char kEqual[] = R"("value": 0, "op": "SCMP_CMP_EQ")";
  constexpr char kNotEqual[] = R"("value": 0, "op": "SCMP_CMP_NE")";
  constexpr char kGreater[] = R"("value": 99999999, "op": "SCMP_CMP_GT")";
  constexpr char kMasked[] =
      R"("value": 4026531840, "valueTwo": 268435456,
         "op": "SCMP_CMP_MASKED_EQ")";
  // There is no process of that number.
  constexpr long kNobody = 0x17ffffff;
  EXPECT_EQ(error(kEqual, 0), 88);
  EXPECT_EQ(error(kEqual, kNobody), ESRCH);
  EXPECT_EQ(error(kNotEqual, 0), 0);
  EXPECT_EQ(error(kNotEqual, kNobody), 88);
  EXPECT_EQ(error(kGreater, 0), 0);
  EXPECT_EQ(error(kGreater, kNobody), 88);
  EXPECT_EQ(error(kMasked, 0), 0);
  EXPECT_EQ(error(kMasked, kNobody), 88);
}

TEST_F(SeccompTest, KillingEndsTheProcess) {
  std::vector<const char*> actions = {"SCMP_ACT_KILL_PROCESS"};
#ifndef ABSL_HAVE_THREAD_SANITIZER
  // Ends the thread alone, and that sanitizer gives a process another one.
  actions.push_back("SCMP_ACT_KILL");
#endif
  for (const char* action : actions) {
    const int status = StatusUnder(
        WithRule(absl::StrCat(R"({"names": ["getppid"], "action": ")", action,
                              R"("})")),
        [] { return syscall(SYS_getppid) > 0 ? 0 : 1; });
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) << status;
  }
}

TEST_F(SeccompTest, FlagsOfAProfileAreTaken) {
  SeccompFilters filters;
  const auto filter = filters.OfProfile(
      R"({"defaultAction": "SCMP_ACT_ALLOW",
          "flags": ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG",
                    "SECCOMP_FILTER_FLAG_SPEC_ALLOW"]})",
      0);
  ASSERT_THAT(filter, IsOk());
  EXPECT_EQ(ErrorUnder(*filter, SYS_getpid), 0);
}

}  // namespace
}  // namespace reeve
