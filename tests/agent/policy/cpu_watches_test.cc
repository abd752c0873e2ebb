// Rules about CPU limits, in an engine.

#include "agent/policy/cpu_watches.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/policy/policy_world.h"

namespace reeve {
namespace {

using ::testing::DoubleNear;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

std::string Raise(const std::string& more = "") {
  return absl::StrCat(
      "dry_run: false\nrules:\n  - name: up\n    action: raise_cpus\n"
      "    for: 5s\n    cooldown: 0\n",
      more);
}

std::string Lower(const std::string& more = "") {
  return absl::StrCat(
      "dry_run: false\nrules:\n  - name: down\n    action: lower_cpus\n"
      "    for: 5s\n    cooldown: 0\n",
      more);
}

TEST(RaiseCpusWatchTest, RaisesByAStepOnceThrottledForLongEnough) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = 10;
  task.throttled = 6;

  // The first sample says nothing; five seconds after it they have passed.
  EXPECT_THAT(world.Seconds(5), IsEmpty());
  const std::optional<PolicyDecision> decision = world.Next();
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->rule, "up");
  EXPECT_EQ(decision->action, PolicyAction::kRaiseCpus);
  EXPECT_FALSE(decision->dry_run);
  EXPECT_EQ(decision->verdict.task, "web");
  EXPECT_EQ(decision->verdict.seen, "60% of its periods throttled, for 5.0s");
  EXPECT_EQ(decision->verdict.from, 0.2);
  EXPECT_THAT(decision->verdict.to, Optional(DoubleNear(0.3, 1e-9)));
  EXPECT_FALSE(decision->is_refused());
}

TEST(RaiseCpusWatchTest, RaisesAgainOnlyOnceThrottledForAsLongByTheNewLimit) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 10;
  task.seen.limits.cpu_cores = *world.Next()->verdict.to;

  int seconds = 0;
  const std::optional<PolicyDecision> second = world.Next(&seconds);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(seconds, 6);
  EXPECT_THAT(second->verdict.to, Optional(DoubleNear(0.45, 1e-9)));
}

TEST(RaiseCpusWatchTest, AStepOfCoresIsAdded) {
  PolicyWorld world(Raise("    step: 0.5\n"));
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 10;

  EXPECT_THAT(world.Next()->verdict.to, Optional(DoubleNear(0.7, 1e-9)));
}

TEST(RaiseCpusWatchTest, LittleThrottlingIsNone) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = 10;
  task.throttled = 2;

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(RaiseCpusWatchTest, ABreakBeginsAnew) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = 10;
  for (int i = 0; i < 10; ++i) {
    task.throttled = 10;
    EXPECT_THAT(world.Seconds(4), IsEmpty());
    task.throttled = 0;
    EXPECT_THAT(world.Seconds(1), IsEmpty());
  }
}

TEST(RaiseCpusWatchTest, FewPeriodsAreJudgedTogether) {
  PolicyWorld world(Raise("    min_periods: 4\n"));
  MadeUpTask& task = world.AddTask("web");
  // Of two periods a second, now both are throttled and now none.
  task.periods = 2;
  std::optional<PolicyDecision> decision;
  for (int i = 0; i < 20 && !decision.has_value(); ++i) {
    task.throttled = i % 2 == 0 ? 2 : 0;
    const std::vector<PolicyDecision> decisions = world.Second();
    if (!decisions.empty()) decision = decisions[0];
  }

  ASSERT_TRUE(decision.has_value());
  EXPECT_THAT(decision->verdict.seen, HasSubstr("50% of its periods"));
}

TEST(RaiseCpusWatchTest, ATaskThatHardlyRunsIsNotThrottled) {
  PolicyWorld world(Raise("    min_periods: 50\n"));
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 5;

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(RaiseCpusWatchTest, GoesUpToTheBoundOfTheTaskAndSaysOnceThatItIsThere) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 10;
  task.seen.bounds.cpus_max = 0.25;

  const std::optional<PolicyDecision> first = world.Next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->verdict.to, 0.25);
  task.seen.limits.cpu_cores = 0.25;
  const std::optional<PolicyDecision> second = world.Next();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->verdict.refusal,
            "it may have 0.25 cores at most, by its --cpus-max");
  EXPECT_FALSE(second->verdict.to.has_value());
  EXPECT_THAT(world.Seconds(60), IsEmpty());

  // A person may let it have more at any time.
  task.seen.bounds.cpus_max = 1;
  EXPECT_THAT(world.Next()->verdict.to, Optional(DoubleNear(0.375, 1e-9)));
}

TEST(RaiseCpusWatchTest, TheCapOfTheRuleHoldsToo) {
  PolicyWorld world(Raise("    cap: 0.2\n"));
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 10;

  EXPECT_EQ(world.Next()->verdict.refusal,
            "it may have 0.2 cores at most, by the cap of the rule");
}

TEST(RaiseCpusWatchTest, ATaskWithoutABoundIsLeftAlone) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 10;
  task.seen.bounds.cpus_max.reset();

  const std::optional<PolicyDecision> decision = world.Next();
  ASSERT_TRUE(decision.has_value());
  EXPECT_THAT(decision->verdict.refusal, HasSubstr("no --cpus-max"));
}

TEST(RaiseCpusWatchTest, CountersThatWentBackBeginAnew) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 10;
  EXPECT_THAT(world.Seconds(5), IsEmpty());
  task.all_periods = task.all_throttled = 0;

  // The window was lost, and with it the second that it would have ended.
  EXPECT_THAT(world.Seconds(1), IsEmpty());
}

TEST(RaiseCpusWatchTest, ALimitThatSomebodyChangedIsWatchedAnew) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 10;
  EXPECT_THAT(world.Seconds(5), IsEmpty());
  task.seen.limits.cpu_cores = 0.4;

  EXPECT_THAT(world.Seconds(5), IsEmpty());
  EXPECT_THAT(world.Next()->verdict.from, Optional(0.4));
}

TEST(RaiseCpusWatchTest, APausedTaskIsLeftAlone) {
  PolicyWorld world(Raise());
  MadeUpTask& task = world.AddTask("web");
  task.periods = task.throttled = 10;
  task.seen.runs = false;

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(LowerCpusWatchTest, LowersAnIdleTaskByAStep) {
  PolicyWorld world(Lower());
  MadeUpTask& task = world.AddTask("web");
  task.seen.limits.cpu_cores = 0.9;
  task.used_cores = 0.05;

  EXPECT_THAT(world.Seconds(5), IsEmpty());
  const std::optional<PolicyDecision> decision = world.Next();
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->action, PolicyAction::kLowerCpus);
  EXPECT_EQ(decision->verdict.seen, "used 0.05 of 0.9 cores at most, for 5.0s");
  EXPECT_THAT(decision->verdict.to, Optional(DoubleNear(0.6, 1e-9)));
}

TEST(LowerCpusWatchTest, GoesDownToWhatTheTaskWasStartedWith) {
  PolicyWorld world(Lower());
  MadeUpTask& task = world.AddTask("web");
  task.seen.limits.cpu_cores = 0.25;

  EXPECT_THAT(world.Next()->verdict.to, Optional(0.2));
  task.seen.limits.cpu_cores = 0.2;
  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(LowerCpusWatchTest, TheFloorOfTheRuleTakesThePlaceOfThat) {
  PolicyWorld world(Lower("    floor: 0.1\n"));
  world.AddTask("web");

  EXPECT_THAT(world.Next()->verdict.to, Optional(DoubleNear(0.133, 1e-9)));
}

TEST(LowerCpusWatchTest, ATaskThatBeganWithoutALimitIsNotLowered) {
  PolicyWorld world(Lower());
  MadeUpTask& task = world.AddTask("web");
  task.seen.launch_cores.reset();

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(LowerCpusWatchTest, ATaskWithoutABoundIsLeftAlone) {
  PolicyWorld world(Lower());
  MadeUpTask& task = world.AddTask("web");
  task.seen.limits.cpu_cores = 0.9;
  task.seen.bounds.cpus_max.reset();

  EXPECT_THAT(world.Next()->verdict.refusal, HasSubstr("no --cpus-max"));
}

TEST(LowerCpusWatchTest, ABusyTaskIsNotLowered) {
  PolicyWorld world(Lower());
  MadeUpTask& task = world.AddTask("web");
  task.seen.limits.cpu_cores = 0.9;
  task.used_cores = 0.5;

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(LowerCpusWatchTest, AThrottledTaskIsNotLowered) {
  PolicyWorld world(Lower());
  MadeUpTask& task = world.AddTask("web");
  task.seen.limits.cpu_cores = 0.9;
  task.throttled = 1;

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(LowerCpusWatchTest, WhatIsLoweredIsNotNearTheLowerLimit) {
  // By half, at less than half: it would be throttled at once.
  PolicyWorld world(Lower("    step: 2x\n"));
  MadeUpTask& task = world.AddTask("web");
  task.seen.limits.cpu_cores = 0.9;
  task.used_cores = 0.4;

  EXPECT_THAT(world.Next()->verdict.to, Optional(DoubleNear(0.8, 1e-9)));
  task.seen.limits.cpu_cores = 0.8;
  task.used_cores = 0.39;
  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

}  // namespace
}  // namespace reeve
