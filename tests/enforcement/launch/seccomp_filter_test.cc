#include "enforcement/launch/seccomp_filter.h"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/seccomp_machine.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr KernelVersion kKernel(6, 1);

// Numbers of 32-bit programs, asm/unistd_32.h.
constexpr int kWrite32 = 4;
constexpr int kSocketcall32 = 102;
constexpr int kSocket32 = 359;

SeccompFilter Compile(absl::string_view json, uint64_t capabilities = 0) {
  const auto profile = ParseSeccompProfile(json);
  EXPECT_THAT(profile, IsOk());
  if (!profile.ok()) return SeccompFilter();
  const auto filter = CompileSeccompProfile(*profile, capabilities, kKernel);
  EXPECT_THAT(filter, IsOk());
  return filter.value_or(SeccompFilter());
}

// The filter of a profile of one rule, which allows what all others are denied.
SeccompFilter Allowing(absl::string_view rule, uint64_t capabilities = 0) {
  return Compile(absl::StrCat(
                     R"({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
                         {"action": "SCMP_ACT_ALLOW", )",
                     rule, "}]}"),
                 capabilities);
}

uint32_t ActionOn(const SeccompFilter& filter, int number,
                  std::initializer_list<uint64_t> arguments = {},
                  uint32_t architecture = AUDIT_ARCH_X86_64) {
  seccomp_data call = {};
  call.nr = number;
  call.arch = architecture;
  std::copy(arguments.begin(), arguments.end(), call.args);
  const auto action = RunSeccompFilter(filter.program, call);
  EXPECT_TRUE(action.has_value());
  return action.value_or(0);
}

constexpr uint32_t kDenied = SECCOMP_RET_ERRNO | EPERM;
constexpr uint32_t kAbsent = SECCOMP_RET_ERRNO | ENOSYS;

TEST(CompileSeccompProfileTest, WhatNoRuleIsForGetsTheDefault) {
  const SeccompFilter filter = Allowing(R"("names": ["write", "pipe2"])");

  EXPECT_EQ(ActionOn(filter, SYS_write), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, SYS_pipe2), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, SYS_read), kDenied);
  EXPECT_EQ(filter.flags, 0u);
}

TEST(CompileSeccompProfileTest, EachOperatorCompares) {
  struct Row {
    const char* op;
    bool below;
    bool equal;
    bool above;
  };
  for (const Row& row : {Row{"NE", true, false, true},
                         {"LT", true, false, false},
                         {"LE", true, true, false},
                         {"EQ", false, true, false},
                         {"GE", false, true, true},
                         {"GT", false, false, true}}) {
    const SeccompFilter filter = Allowing(absl::StrCat(
        R"("names": ["lseek"], "args": [{"index": 1, "value": 4294967298,
            "op": "SCMP_CMP_)",
        row.op, R"("}])"));
    const auto allows = [&filter](uint64_t value) {
      return ActionOn(filter, SYS_lseek, {0, value}) == SECCOMP_RET_ALLOW;
    };
    EXPECT_EQ(allows(4294967297), row.below) << row.op;
    EXPECT_EQ(allows(4294967298), row.equal) << row.op;
    EXPECT_EQ(allows(4294967299), row.above) << row.op;
    // The lower half alone decides nothing.
    EXPECT_EQ(allows(2), row.below) << row.op;
  }
}

TEST(CompileSeccompProfileTest, MaskedEqualLooksAtTheBitsOfTheMask) {
  const SeccompFilter filter = Allowing(
      R"("names": ["lseek"], "args": [{"index": 2, "value": 240,
          "valueTwo": 32, "op": "SCMP_CMP_MASKED_EQ"}])");

  EXPECT_EQ(ActionOn(filter, SYS_lseek, {0, 0, 0x20}), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, SYS_lseek, {0, 0, 0xf2f}), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, SYS_lseek, {0, 0, 0x30}), kDenied);
}

TEST(CompileSeccompProfileTest, AllArgumentsMustHoldButForOneThatIsRepeated) {
  const SeccompFilter both = Allowing(
      R"("names": ["lseek"], "args": [
          {"index": 0, "value": 1, "op": "SCMP_CMP_EQ"},
          {"index": 2, "value": 2, "op": "SCMP_CMP_EQ"}])");
  EXPECT_EQ(ActionOn(both, SYS_lseek, {1, 0, 2}), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(both, SYS_lseek, {1, 0, 3}), kDenied);

  const SeccompFilter either = Allowing(
      R"("names": ["lseek"], "args": [
          {"index": 0, "value": 1, "op": "SCMP_CMP_EQ"},
          {"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}])");
  EXPECT_EQ(ActionOn(either, SYS_lseek, {1}), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(either, SYS_lseek, {2}), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(either, SYS_lseek, {3}), kDenied);
}

TEST(CompileSeccompProfileTest, ConditionsDecideWhetherARuleCounts) {
  constexpr uint64_t kKill = uint64_t{1} << CAP_KILL;
  constexpr uint64_t kChown = uint64_t{1} << CAP_CHOWN;
  constexpr char kBoth[] =
      R"("names": ["read"], "includes": {"caps": ["CAP_KILL", "CAP_CHOWN"]})";
  EXPECT_EQ(ActionOn(Allowing(kBoth, kKill), SYS_read), kDenied);
  EXPECT_EQ(ActionOn(Allowing(kBoth, kKill | kChown), SYS_read),
            SECCOMP_RET_ALLOW);

  constexpr char kNeither[] =
      R"("names": ["read"], "excludes": {"caps": ["CAP_KILL", "CAP_CHOWN"]})";
  EXPECT_EQ(ActionOn(Allowing(kNeither), SYS_read), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(Allowing(kNeither, kChown), SYS_read), kDenied);

  const auto with_kernel = [](absl::string_view key, absl::string_view least) {
    return ActionOn(
        Allowing(absl::StrCat(R"("names": ["read"], ")", key,
                              R"(": {"minKernel": ")", least, R"("})")),
        SYS_read);
  };
  EXPECT_EQ(with_kernel("includes", "6.1"), SECCOMP_RET_ALLOW);
  EXPECT_EQ(with_kernel("includes", "6.2"), kDenied);
  EXPECT_EQ(with_kernel("excludes", "6.1"), kDenied);
  EXPECT_EQ(with_kernel("excludes", "6.2"), SECCOMP_RET_ALLOW);
}

TEST(CompileSeccompProfileTest, CallsNewerThanThisProgramAreAbsent) {
  const SeccompFilter filter = Allowing(R"("names": ["mseal"])");
  EXPECT_EQ(ActionOn(filter, 462), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, 463), kDenied);
  EXPECT_EQ(ActionOn(filter, 500), kAbsent);

  const SeccompFilter all = Compile(R"({"defaultAction": "SCMP_ACT_ALLOW"})");
  EXPECT_EQ(ActionOn(all, 500), SECCOMP_RET_ALLOW);
  const SeccompFilter none = Compile(R"({"defaultAction": "SCMP_ACT_KILL"})");
  EXPECT_EQ(ActionOn(none, 500), SECCOMP_RET_KILL_THREAD);
}

TEST(CompileSeccompProfileTest, ProgramsOfOtherArchitecturesAreKilled) {
  const SeccompFilter filter = Compile(R"({"defaultAction": "SCMP_ACT_LOG"})");
  EXPECT_EQ(ActionOn(filter, kWrite32, {}, AUDIT_ARCH_I386),
            SECCOMP_RET_KILL_PROCESS);
  EXPECT_EQ(ActionOn(filter, SYS_write | 0x40000000), SECCOMP_RET_KILL_PROCESS);
}

TEST(CompileSeccompProfileTest, RulesHoldInEachArchitectureThatIsAskedFor) {
  const SeccompFilter filter = Compile(R"({
      "defaultAction": "SCMP_ACT_ERRNO",
      "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
      "syscalls": [{"names": ["write", "mseal", "futex_time64"],
                    "action": "SCMP_ACT_ALLOW"}]})");
  EXPECT_EQ(ActionOn(filter, SYS_write), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, SYS_read), kDenied);
  EXPECT_EQ(ActionOn(filter, kWrite32, {}, AUDIT_ARCH_I386), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, 3, {}, AUDIT_ARCH_I386), kDenied);
  EXPECT_EQ(ActionOn(filter, 422, {}, AUDIT_ARCH_I386), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, 500, {}, AUDIT_ARCH_I386), kAbsent);
  EXPECT_EQ(ActionOn(filter, SYS_write | 0x40000000), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, SYS_read | 0x40000000), kDenied);
}

TEST(CompileSeccompProfileTest, SocketcallAllowsOnlyWhatNeedsNoArguments) {
  const SeccompFilter filter = Compile(R"({
      "defaultAction": "SCMP_ACT_ERRNO",
      "architectures": ["SCMP_ARCH_X86"],
      "syscalls": [
        {"names": ["connect"], "action": "SCMP_ACT_ALLOW"},
        {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
         "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]})");
  const auto socketcall = [&filter](uint64_t which) {
    return ActionOn(filter, kSocketcall32, {which}, AUDIT_ARCH_I386);
  };
  EXPECT_EQ(ActionOn(filter, SYS_socket, {1}), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, SYS_socket, {2}), kDenied);
  EXPECT_EQ(socketcall(1), kDenied);
  EXPECT_EQ(socketcall(3), SECCOMP_RET_ALLOW);
  EXPECT_EQ(ActionOn(filter, kSocket32, {1}, AUDIT_ARCH_I386), kDenied);
}

TEST(CompileSeccompProfileTest, ADenialByArgumentsDeniesTheWholeOfSocketcall) {
  const SeccompFilter filter = Compile(R"({
      "defaultAction": "SCMP_ACT_ALLOW",
      "architectures": ["SCMP_ARCH_X86"],
      "syscalls": [
        {"names": ["socket"], "action": "SCMP_ACT_ERRNO",
         "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_EQ"}]}]})");
  EXPECT_EQ(ActionOn(filter, kSocketcall32, {1}, AUDIT_ARCH_I386), kDenied);
  EXPECT_EQ(ActionOn(filter, SYS_socket, {1}), SECCOMP_RET_ALLOW);
}

TEST(CompileSeccompProfileTest, TheFirstRuleWithoutArgumentsDecides) {
  const SeccompFilter filter = Compile(R"({
      "defaultAction": "SCMP_ACT_ERRNO",
      "syscalls": [
        {"names": ["clone"], "action": "SCMP_ACT_KILL",
         "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]},
        {"names": ["clone", "clone"], "action": "SCMP_ACT_ALLOW"},
        {"names": ["clone"], "action": "SCMP_ACT_ALLOW"},
        {"names": ["clone"], "action": "SCMP_ACT_KILL"},
        {"names": ["clone"], "action": "SCMP_ACT_KILL",
         "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]},
        {"names": ["clone"], "action": "SCMP_ACT_ERRNO"}]})");
  for (const uint64_t flags : {0, 1, 2}) {
    EXPECT_EQ(ActionOn(filter, SYS_clone, {flags}), SECCOMP_RET_ALLOW);
  }
}

TEST(CompileSeccompProfileTest, AContradictionIsNamed) {
  const auto profile = ParseSeccompProfile(R"({
      "defaultAction": "SCMP_ACT_ERRNO",
      "syscalls": [
        {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
         "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]},
        {"names": ["read", "clone"], "action": "SCMP_ACT_KILL",
         "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]})");
  ASSERT_THAT(profile, IsOk());
  EXPECT_THAT(CompileSeccompProfile(*profile, 0, kKernel),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("two rules for clone")));
}

TEST(CompileSeccompProfileTest, AFilterThatTheKernelWouldNotTakeIsRefused) {
  SeccompProfile profile;
  profile.default_action = SECCOMP_RET_ALLOW;
  for (uint64_t value = 0; value < 1024; ++value) {
    SeccompRule rule;
    rule.names = {"lseek", "read"};
    rule.action = SECCOMP_RET_TRAP;
    rule.arguments = {{1, SeccompOperator::kEqual, value, 0},
                      {2, SeccompOperator::kEqual, value, 0}};
    profile.rules.push_back(rule);
  }
  EXPECT_THAT(CompileSeccompProfile(profile, 0, kKernel),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the kernel takes 4096")));
}

TEST(CompileSeccompProfileTest, FlagsAreThoseOfTheProfile) {
  EXPECT_EQ(Compile(R"({"defaultAction": "SCMP_ACT_ALLOW",
                        "flags": ["SECCOMP_FILTER_FLAG_LOG"]})")
                .flags,
            SECCOMP_FILTER_FLAG_LOG);
}

}  // namespace
}  // namespace reeve
