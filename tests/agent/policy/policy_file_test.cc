#include "agent/policy/policy_file.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// One rule, with more lines of it.
std::string RuleWith(const std::string& action, const std::string& more) {
  return absl::StrCat("rules:\n  - name: r\n    action: ", action, "\n", more);
}

PolicyRule Only(const std::string& text) {
  const absl::StatusOr<Policy> policy = ParsePolicy(text);
  EXPECT_THAT(policy, IsOk());
  if (!policy.ok() || policy->rules.size() != 1) return {};
  return policy->rules[0];
}

TEST(ParsePolicyTest, ARuleOfNothingButANameHasCautiousDefaults) {
  const PolicyRule rule = Only(RuleWith("raise_cpus", ""));

  EXPECT_EQ(rule.name, "r");
  EXPECT_EQ(rule.action, PolicyAction::kRaiseCpus);
  EXPECT_EQ(rule.line, 2u);
  EXPECT_TRUE(rule.dry_run);
  EXPECT_EQ(rule.hold, absl::Seconds(30));
  EXPECT_EQ(rule.cooldown, absl::Seconds(30));
  EXPECT_EQ(rule.max_per_minute, 10u);
  EXPECT_EQ(rule.throttled, 0.25);
  EXPECT_EQ(rule.min_periods, 5u);
  EXPECT_EQ(rule.step.factor, 1.5);
  EXPECT_FALSE(rule.cap.has_value());
  EXPECT_TRUE(rule.Wants("anything", ""));
}

TEST(ParsePolicyTest, TakesAllThatRulesOfEachActionHave) {
  const absl::StatusOr<Policy> policy = ParsePolicy(R"(
dry_run: false
rules:
  - name: up
    action: raise_cpus
    tasks: web-.*
    exclude_tasks: web-test
    for: 10s
    cooldown: 0
    max_per_minute: 3
    throttled: 40%
    min_periods: 20
    step: 0.25
    cap: 4
  - name: down
    action: lower_cpus
    usage_below: 0.3
    step: 2x
    floor: 0.5
    dry_run: true
  - name: mark
    action: raise_memory_high
    pressure: 10%
    step: 64M
  - name: stop
    action: stop_lowest_priority
    groups: shop|bank
    exclude_groups: bank
    memory: 95%
    pressure: 20%
    grace: 3s
    keep: 2
)");

  ASSERT_THAT(policy, IsOk());
  ASSERT_THAT(policy->rules, SizeIs(4));
  const PolicyRule& up = policy->rules[0];
  EXPECT_FALSE(up.dry_run);
  EXPECT_EQ(up.hold, absl::Seconds(10));
  EXPECT_EQ(up.cooldown, absl::ZeroDuration());
  EXPECT_EQ(up.max_per_minute, 3u);
  EXPECT_EQ(up.throttled, 0.4);
  EXPECT_EQ(up.min_periods, 20u);
  EXPECT_FALSE(up.step.factor.has_value());
  EXPECT_EQ(up.step.amount, 0.25);
  EXPECT_EQ(up.cap, 4);
  EXPECT_TRUE(up.Wants("web-1", ""));
  EXPECT_FALSE(up.Wants("web-test", ""));
  EXPECT_FALSE(up.Wants("a-web-1", ""));
  const PolicyRule& down = policy->rules[1];
  EXPECT_TRUE(down.dry_run);
  EXPECT_EQ(down.usage_below, 0.3);
  EXPECT_EQ(down.step.factor, 2);
  EXPECT_EQ(down.floor, 0.5);
  const PolicyRule& mark = policy->rules[2];
  EXPECT_EQ(mark.pressure, 0.1);
  EXPECT_EQ(mark.step.amount, 64 << 20);
  const PolicyRule& stop = policy->rules[3];
  EXPECT_TRUE(stop.groups.Wants("shop"));
  EXPECT_FALSE(stop.groups.Wants("bank"));
  EXPECT_FALSE(stop.Wants("web", ""));
  EXPECT_EQ(stop.memory, 0.95);
  EXPECT_EQ(stop.pressure, 0.2);
  EXPECT_EQ(stop.grace, absl::Seconds(3));
  EXPECT_EQ(stop.keep, 2u);
}

TEST(ParsePolicyTest, WithoutAGraceItIsTheTasksOwn) {
  EXPECT_EQ(Only(RuleWith("stop_lowest_priority", "")).grace, std::nullopt);
}

TEST(ParsePolicyTest, APatternOfGroupsWantsNoTaskWithoutAGroup) {
  const PolicyRule rule = Only(RuleWith("raise_cpus", "    groups: \".*\"\n"));

  EXPECT_TRUE(rule.Wants("web", "shop"));
  EXPECT_FALSE(rule.Wants("web", ""));
}

TEST(ParsePolicyTest, AnEmptyListOfRulesIsAPolicy) {
  const absl::StatusOr<Policy> policy = ParsePolicy("rules: []\n");

  ASSERT_THAT(policy, IsOk());
  EXPECT_THAT(policy->rules, IsEmpty());
}

TEST(ParsePolicyTest, WhatIsWrongIsToldWithItsLine) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "no policy: it is a mapping with the key rules"},
      {"- a\n", "no policy: it is a mapping with the key rules"},
      {"dry_run: true\n", "no policy: the key rules is missing"},
      {"rules: [\n", "line 2: "},
      {"rules: 1\n", "line 1: rules has to be a list"},
      {"rules:\n  - 1\n", "line 2: a rule has to be a mapping"},
      {"rule: []\n",
       "line 1: unknown key \"rule\" in the file: use dry_run, rules"},
      {"dry_run: maybe\nrules: []\n",
       "line 1: dry_run \"maybe\": use true or false"},
      {"rules:\n  - name: a\n",
       "line 2: a rule without an action: use raise_cpus, lower_cpus, "
       "raise_memory_high, stop_lowest_priority"},
      {"rules:\n  - name: a\n    action: raise\n",
       "line 3: action \"raise\": use raise_cpus"},
      {"rules:\n  - action: raise_cpus\n", "line 2: a rule without a name"},
      {"rules:\n  - name: a b\n    action: raise_cpus\n",
       "line 2: name \"a b\": use up to 64 letters"},
      {"rules:\n"
       "  - name: a\n    action: raise_cpus\n"
       "  - name: a\n    action: lower_cpus\n",
       "line 4: a second rule of the name \"a\""},
      {RuleWith("raise_cpus", "    floor: 1\n"),
       "line 4: unknown key \"floor\" in a rule of action raise_cpus: use "
       "name, action"},
      {RuleWith("lower_cpus", "    cap: 1\n"), "line 4: unknown key \"cap\""},
      {RuleWith("raise_cpus", "    for: [1s]\n"),
       "line 4: for has to be one value"},
      {RuleWith("raise_cpus", "    for:\n"), "for has to be one value"},
      {RuleWith("raise_cpus", "    for: 10\n"), "line 4: for "},
      {RuleWith("raise_cpus", "    for: 1ms\n"),
       "line 4: for \"1ms\": use 100ms to 24h"},
      {RuleWith("raise_cpus", "    cooldown: 25h\n"),
       "line 4: cooldown \"25h\": use 0 to 24h"},
      {RuleWith("raise_cpus", "    max_per_minute: 0\n"),
       "line 4: max_per_minute \"0\": use 1 to 1000"},
      {RuleWith("raise_cpus", "    throttled: 0\n"),
       "line 4: throttled \"0\": use more than 0 and up to 100%"},
      {RuleWith("raise_cpus", "    throttled: 101%\n"), "line 4: throttled"},
      {RuleWith("raise_cpus", "    throttled: nan\n"), "line 4: throttled"},
      {RuleWith("raise_cpus", "    min_periods: -1\n"), "line 4: min_periods"},
      {RuleWith("raise_cpus", "    step: 1x\n"),
       "line 4: step \"1x\": use a factor from 1.01 to 10 such as 1.5x, or a "
       "number of cores such as 0.25"},
      {RuleWith("raise_cpus", "    step: max\n"), "line 4: step \"max\""},
      {RuleWith("raise_cpus", "    cap: max\n"),
       "line 4: cap \"max\": use a number of cores"},
      {RuleWith("lower_cpus", "    floor: -1\n"), "line 4: floor "},
      {RuleWith("raise_cpus", "    tasks: \"(\"\n"), "line 4: tasks ("},
      {RuleWith("raise_cpus", "    tasks: \"\"\n"), "line 4: tasks \"\": use"},
      {RuleWith("raise_memory_high", "    step: 0\n"),
       "line 4: step \"0\": use a factor from 1.01 to 10 such as 1.5x, or a "
       "size such as 64M"},
      {RuleWith("raise_memory_high", "    pressure: 2\n"), "line 4: pressure"},
      {RuleWith("stop_lowest_priority", "    step: 2x\n"),
       "line 4: unknown key \"step\""},
      {RuleWith("stop_lowest_priority", "    grace: 2h\n"),
       "line 4: grace \"2h\": use 0 to 1h"},
      {RuleWith("stop_lowest_priority", "    keep: 1001\n"),
       "line 4: keep \"1001\": use 0 to 1000"},
  };

  for (const auto& [text, message] : cases) {
    EXPECT_THAT(
        ParsePolicy(text).status(),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << text;
  }
}

TEST(ParsePolicyTest, MoreThanAHundredRulesAreRefused) {
  std::string text = "rules:\n";
  for (int i = 0; i <= 100; ++i) {
    absl::StrAppend(&text, "  - name: r", i, "\n    action: raise_cpus\n");
  }

  EXPECT_THAT(ParsePolicy(text).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("101 rules: up to 100")));
}

TEST(ParsePolicyTest, AnErrorIsOneLineWhateverTheFileHas) {
  const absl::Status status =
      ParsePolicy("rules:\n  - name: \"a\\nb\"\n    action: raise_cpus\n")
          .status();

  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(absl::StrContains(status.message(), "\n"));
}

TEST(ReadPolicyTest, AnErrorNamesTheFile) {
  FakeTree tree;
  tree.Write("policy.yml", "rules: 1\n");
  const std::string path = tree.Path("policy.yml");

  EXPECT_THAT(ReadPolicy(path, TrustedWriters::kOwner).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr(absl::StrCat("policy ", path, ": line 1: "))));
  EXPECT_THAT(ReadPolicy(tree.Path("missing"), TrustedWriters::kOwner).status(),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("policy "), HasSubstr("missing"))));
}

TEST(ReadPolicyTest, WhatIsNoFileOrTooLargeIsRefused) {
  FakeTree tree;
  tree.Write("large", std::string((1 << 20) + 1, '#'));

  for (const std::string& path :
       {tree.Path("large"), std::string("/dev/zero"), std::string("/dev")}) {
    EXPECT_THAT(ReadPolicy(path, TrustedWriters::kAnybody).status(),
                StatusIs(absl::StatusCode::kDataLoss,
                         HasSubstr(absl::StrCat("policy ", path, ": "))))
        << path;
  }
}

}  // namespace
}  // namespace reeve
