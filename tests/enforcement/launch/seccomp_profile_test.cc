#include "enforcement/launch/seccomp_profile.h"

#include <linux/capability.h>
#include <linux/seccomp.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// What is said of a profile that is refused.
std::string ErrorOf(absl::string_view json) {
  const auto profile = ParseSeccompProfile(json);
  if (profile.ok()) return "accepted";
  EXPECT_THAT(profile, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(profile.status().message()),
              AllOf(StartsWith("seccomp profile: "), Not(HasSubstr("\n"))));
  return std::string(profile.status().message());
}

// A profile that allows all but for a rule.
std::string WithRule(absl::string_view rule) {
  return absl::StrCat(R"({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [)",
                      rule, "]}");
}

std::string WithAction(absl::string_view rest) {
  return WithRule(absl::StrCat(R"({"names": ["read"], )", rest, "}"));
}

SeccompRule RuleOf(absl::string_view rule) {
  const auto profile = ParseSeccompProfile(WithRule(rule));
  EXPECT_THAT(profile, IsOk());
  if (!profile.ok() || profile->rules.size() != 1) return SeccompRule();
  return profile->rules.front();
}

uint32_t ActionOf(absl::string_view rest) {
  return RuleOf(absl::StrCat(R"({"names": ["read"], )", rest, "}")).action;
}

TEST(ParseSeccompProfileTest, AllOfTheOcisFieldsAreUnderstood) {
  const auto profile = ParseSeccompProfile(R"({
    "defaultAction": "SCMP_ACT_ERRNO",
    "defaultErrnoRet": 38,
    "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_ARM"],
    "flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC"],
    "syscalls": [{
      "names": ["read", "clone"],
      "action": "SCMP_ACT_ALLOW",
      "args": [{"index": 2, "value": 18446744073709551615, "valueTwo": 9,
                "op": "SCMP_CMP_MASKED_EQ"}]
    }]
  })");

  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->default_action, SECCOMP_RET_ERRNO | ENOSYS);
  EXPECT_TRUE(profile->with_x86);
  EXPECT_FALSE(profile->with_x32);
  EXPECT_EQ(profile->flags,
            SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_TSYNC);
  ASSERT_EQ(profile->rules.size(), 1u);
  const SeccompRule& rule = profile->rules.front();
  EXPECT_THAT(rule.names, ElementsAre("read", "clone"));
  EXPECT_EQ(rule.action, SECCOMP_RET_ALLOW);
  ASSERT_EQ(rule.arguments.size(), 1u);
  EXPECT_EQ(rule.arguments[0].index, 2u);
  EXPECT_EQ(rule.arguments[0].op, SeccompOperator::kMaskedEqual);
  EXPECT_EQ(rule.arguments[0].value, UINT64_MAX);
  EXPECT_EQ(rule.arguments[0].value_two, 9u);
}

TEST(ParseSeccompProfileTest, DockersFormIsUnderstood) {
  const auto profile = ParseSeccompProfile(R"({
    "defaultAction": "SCMP_ACT_ERRNO",
    "archMap": [
      {"architecture": "SCMP_ARCH_X86_64",
       "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
      {"architecture": "SCMP_ARCH_AARCH64",
       "subArchitectures": ["SCMP_ARCH_ARM"]}],
    "syscalls": [
      {"name": "ptrace", "action": "SCMP_ACT_ALLOW", "args": null,
       "comment": "for strace",
       "includes": {"caps": ["CAP_SYS_PTRACE", "CAP_KILL"],
                    "minKernel": "4.8", "arches": ["amd64", "x32"]},
       "excludes": {"caps": ["CAP_SYS_ADMIN"], "arches": ["s390"]}},
      {"names": ["read"], "action": "SCMP_ACT_ALLOW",
       "includes": {"arches": ["arm", "arm64"]}, "excludes": {}},
      {"names": ["write"], "action": "SCMP_ACT_ALLOW",
       "excludes": {"arches": ["amd64"]}}]
  })");

  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->default_action, SECCOMP_RET_ERRNO | EPERM);
  EXPECT_TRUE(profile->with_x86);
  EXPECT_TRUE(profile->with_x32);
  ASSERT_EQ(profile->rules.size(), 1u);
  const SeccompRule& rule = profile->rules.front();
  EXPECT_THAT(rule.names, ElementsAre("ptrace"));
  EXPECT_EQ(rule.includes.capabilities,
            uint64_t{1} << CAP_SYS_PTRACE | uint64_t{1} << CAP_KILL);
  EXPECT_EQ(rule.includes.kernel, KernelVersion(4, 8));
  EXPECT_EQ(rule.excludes.capabilities, uint64_t{1} << CAP_SYS_ADMIN);
  EXPECT_EQ(rule.excludes.kernel, std::nullopt);
}

TEST(ParseSeccompProfileTest, PodmansErrorsByNameAreUnderstood) {
  const auto profile = ParseSeccompProfile(R"({
    "defaultAction": "SCMP_ACT_ERRNO",
    "defaultErrno": "ENOSYS", "defaultErrnoRet": 38})");

  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->default_action, SECCOMP_RET_ERRNO | ENOSYS);
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_ERRNO", "errno": "EACCES")"),
            SECCOMP_RET_ERRNO | EACCES);
}

TEST(ParseSeccompProfileTest, EachActionIsKnown) {
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_KILL")"), SECCOMP_RET_KILL_THREAD);
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_KILL_THREAD")"),
            SECCOMP_RET_KILL_THREAD);
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_KILL_PROCESS")"),
            SECCOMP_RET_KILL_PROCESS);
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_TRAP")"), SECCOMP_RET_TRAP);
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_LOG")"), SECCOMP_RET_LOG);
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_TRACE", "errnoRet": 7)"),
            SECCOMP_RET_TRACE | 7);
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_ERRNO")"),
            SECCOMP_RET_ERRNO | EPERM);
  // The call does nothing, and succeeds.
  EXPECT_EQ(ActionOf(R"("action": "SCMP_ACT_ERRNO", "errnoRet": 0)"),
            SECCOMP_RET_ERRNO);
}

TEST(ParseSeccompProfileTest, EachOperatorIsKnown) {
  const std::vector<std::pair<const char*, SeccompOperator>> operators = {
      {"SCMP_CMP_NE", SeccompOperator::kNotEqual},
      {"SCMP_CMP_LT", SeccompOperator::kLess},
      {"SCMP_CMP_LE", SeccompOperator::kLessOrEqual},
      {"SCMP_CMP_EQ", SeccompOperator::kEqual},
      {"SCMP_CMP_GE", SeccompOperator::kGreaterOrEqual},
      {"SCMP_CMP_GT", SeccompOperator::kGreater},
      {"SCMP_CMP_MASKED_EQ", SeccompOperator::kMaskedEqual}};
  for (const auto& [name, op] : operators) {
    const SeccompRule rule = RuleOf(absl::StrCat(
        R"({"names": ["read"], "action": "SCMP_ACT_KILL", "args": [{"op": ")",
        name, R"("}]})"));
    ASSERT_EQ(rule.arguments.size(), 1u) << name;
    EXPECT_EQ(rule.arguments[0].op, op) << name;
    EXPECT_EQ(rule.arguments[0].index, 0u) << name;
  }
}

TEST(ParseSeccompProfileTest, ANameOfALaterKernelIsPassedOver) {
  EXPECT_EQ(ErrorOf(WithRule(
                R"({"names": ["read", "no_call"], "action": "SCMP_ACT_LOG"})")),
            "accepted");
  EXPECT_THAT(
      ErrorOf(WithRule(R"({"names": ["no_call"], "action": "SCMP_ACT_LOG"})")),
      HasSubstr("no system call that it names is known"));
}

TEST(ParseSeccompProfileTest, AProfileNeedsNoRules) {
  EXPECT_EQ(ErrorOf(R"({"defaultAction": "SCMP_ACT_LOG"})"), "accepted");
}

TEST(ParseSeccompProfileTest, WhatIsNoProfileIsRefused) {
  for (const char* json : {"", "{", "[]", "7", "null]", "\xff", "{\"a\": "}) {
    EXPECT_NE(ErrorOf(json), "accepted") << json;
  }
  EXPECT_THAT(ErrorOf("{}"), HasSubstr("defaultAction: it has no action"));
}

TEST(ParseSeccompProfileTest, WhatIsWrongIsNamed) {
  const std::vector<std::pair<std::string, const char*>> table = {
      {R"({"defaultAction": "SCMP_ACT_MAYBE"})", "unknown action"},
      {R"({"defaultAction": "allow"})", "\"allow\""},
      {R"({"defaultAction": "SCMP_ACT_NOTIFY"})", "SCMP_ACT_NOTIFY"},
      {R"({"defaultAction": "SCMP_ACT_LOG", "listenerPath": "/run/x"})",
       "listenerPath"},
      {R"({"defaultAction": "SCMP_ACT_LOG", "defaultErrnoRet": 1})",
       "goes without an error"},
      {R"({"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "EWHAT"})",
       "unknown error \"EWHAT\""},
      {R"({"defaultAction": "SCMP_ACT_LOG", "flags": ["LOUD"]})",
       "unknown flag \"LOUD\""},
      {R"({"defaultAction": "SCMP_ACT_LOG", "architectures": ["PDP"]})",
       "unknown architecture \"PDP\""},
      {R"({"defaultAction": "SCMP_ACT_LOG", "archMap": [{}]})",
       "unknown architecture \"\""},
      {R"({"defaultAction": "SCMP_ACT_LOG",
           "architectures": ["SCMP_ARCH_X86"],
           "archMap": [{"architecture": "SCMP_ARCH_X86_64"}]})",
       "not both"},
      {WithRule(R"({"action": "SCMP_ACT_LOG"})"),
       "syscalls[0]: it names no system call"},
      {WithRule(R"({"name": "a", "names": ["b"], "action": "SCMP_ACT_LOG"})"),
       "give name or names"},
      {WithRule(R"({"names": ["read"]})"), "syscalls[0]: it has no action"},
      {WithAction(R"("action": "SCMP_ACT_LOG", "priority": 3)"), "priority"},
      {WithAction(R"("action": "SCMP_ACT_LOG", "errnoRet": 3)"),
       "goes without an error"},
      {WithAction(R"("action": "SCMP_ACT_ERRNO", "errnoRet": 4096)"),
       "error 4096"},
      {WithAction(R"("action": "SCMP_ACT_ERRNO", "errnoRet": -1)"),
       "errno_ret"},
      {WithAction(
           R"("action": "SCMP_ACT_ERRNO", "errnoRet": 2, "errno": "EPERM")"),
       "EPERM is 1, and not 2"},
      {WithAction(R"("action": "SCMP_ACT_LOG", "args": [{"index": 6,
                     "op": "SCMP_CMP_EQ"}])"),
       "argument 6"},
      {WithAction(R"("action": "SCMP_ACT_LOG", "args": [{"index": 1}])"),
       "unknown operator \"\""},
      {WithAction(R"("action": "SCMP_ACT_LOG", "args": [{"op": "=="}])"),
       "unknown operator \"==\""},
      {WithAction(
           R"("action": "SCMP_ACT_LOG", "args": [{}, {}, {}, {}, {}, {}, {}])"),
       "7 args"},
      {WithAction(
           R"("action": "SCMP_ACT_LOG", "includes": {"caps": ["CAP_FLY"]})"),
       "unknown capability \"CAP_FLY\""},
      {WithAction(
           R"("action": "SCMP_ACT_LOG", "excludes": {"minKernel": "new"})"),
       "unknown kernel version \"new\""}};
  for (const auto& [json, why] : table) {
    EXPECT_THAT(ErrorOf(json), HasSubstr(why)) << json;
  }
}

TEST(ParseSeccompProfileTest, ThereAreBounds) {
  const std::string spaces(kMaxSeccompProfileBytes, ' ');
  EXPECT_THAT(ErrorOf(spaces + "{}"), HasSubstr("bytes: give 1048576 at most"));

  constexpr char kRule[] = R"({"names": ["read"], "action": "SCMP_ACT_LOG"})";
  std::string rules = kRule;
  for (size_t i = 1; i < kMaxSeccompRules; ++i) {
    absl::StrAppend(&rules, ",", kRule);
  }
  EXPECT_EQ(ErrorOf(WithRule(rules)), "accepted");
  EXPECT_THAT(ErrorOf(WithRule(rules + "," + kRule)), HasSubstr("1025 rules"));

  std::string names = R"("read")";
  for (size_t i = 0; i < kMaxSeccompNames; ++i) {
    absl::StrAppend(&names, R"(,"read")");
  }
  EXPECT_THAT(ErrorOf(WithRule(absl::StrCat(
                  R"({"names": [)", names, R"(], "action": "SCMP_ACT_LOG"})"))),
              HasSubstr("2049 names of system calls"));

  const auto comparing = [](size_t count) {
    std::string all;
    for (size_t i = 0; i < count; ++i) {
      absl::StrAppend(&all, i == 0 ? "" : ",", R"({"names": ["read"],
          "action": "SCMP_ACT_LOG", "args": [{"op": "SCMP_CMP_EQ"}]})");
    }
    return WithRule(all);
  };
  EXPECT_EQ(ErrorOf(comparing(kMaxSeccompComparisons)), "accepted");
  EXPECT_THAT(ErrorOf(comparing(kMaxSeccompComparisons + 1)),
              HasSubstr("129 comparisons of arguments"));
}

}  // namespace
}  // namespace reeve
