#include "agent/policy/policy_text.h"

#include <string>

#include "agent/policy/policy_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

std::string TextOf(const std::string& rule) {
  const absl::StatusOr<Policy> policy = ParsePolicy("rules:\n" + rule);
  EXPECT_THAT(policy, IsOk());
  return policy.ok() ? RuleText(policy->rules.at(0)) : "";
}

TEST(RuleTextTest, SaysWhatEachActionMeans) {
  EXPECT_EQ(TextOf("  - {name: up, action: raise_cpus, cap: 4}"),
            "up (dry run): if a task is throttled in 25% of its periods or "
            "more for 30s: raise its CPU limit by a factor of 1.5, up to its "
            "--cpus-max and 4 cores; then leave it alone for 30s; 10 times a "
            "minute at most");
  EXPECT_EQ(
      TextOf("  - {name: down, action: lower_cpus, step: 0.5, dry_run: false}"),
      "down: if a task uses less than 50% of its CPU limit, and is not "
      "throttled, for 30s: lower it by 0.5 cores, down to what it was started "
      "with; then leave it alone for 30s; 10 times a minute at most");
  EXPECT_EQ(TextOf("  - {name: mark, action: raise_memory_high, step: 64M}"),
            "mark (dry run): if a task reaches its memory.high again and again "
            "for 30s: raise that by 64M, up to its --memory-max and its memory "
            "limit; then leave it alone for 30s; 10 times a minute at most");
  EXPECT_EQ(
      TextOf("  - {name: stop, action: stop_lowest_priority, pressure: 20%}"),
      "stop (dry run): if a group has 90% or more of its memory limit in "
      "memory that cannot be reclaimed, or waits for memory in 20% of the time "
      "or more, for 30s: stop its task of the lowest priority with its own "
      "grace, and keep 1 running; then leave it alone for 30s; 10 times a "
      "minute at most");
  EXPECT_THAT(
      TextOf("  - {name: stop, action: stop_lowest_priority, grace: 3s}"),
      ::testing::HasSubstr("lowest priority with a grace of 3.0s, and"));
}

TEST(DecisionTextTest, SaysWhatIsDone) {
  PolicyDecision decision;
  decision.verdict.from = 0.2;
  decision.verdict.to = 0.3;
  EXPECT_EQ(DecisionText(decision), "cpus 0.2 -> 0.3");
  decision.action = PolicyAction::kRaiseMemoryHigh;
  decision.verdict.from = 64 << 20;
  decision.verdict.to = 80 << 20;
  EXPECT_EQ(DecisionText(decision), "memory.high 64M -> 80M");
  decision.verdict.to.reset();
  EXPECT_EQ(DecisionText(decision), "memory.high 64M");
  decision.action = PolicyAction::kStopLowestPriority;
  EXPECT_EQ(DecisionText(decision), "stop");
}

}  // namespace
}  // namespace reeve
