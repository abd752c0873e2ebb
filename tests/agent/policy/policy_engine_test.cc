#include "agent/policy/policy_engine.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/policy/policy_world.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Raise(const std::string& more) {
  return absl::StrCat(
      "rules:\n  - name: up\n    action: raise_cpus\n    for: 5s\n", more);
}

MadeUpTask& AddThrottled(PolicyWorld& world, const std::string& id,
                         const std::string& group = "") {
  MadeUpTask& task = world.AddTask(id, group);
  task.periods = task.throttled = 10;
  return task;
}

TEST(PolicyEngineTest, LeavesATaskAloneForTheCooldownAfterAnAction) {
  PolicyWorld world(Raise("    cooldown: 40s\n"));
  AddThrottled(world, "web");
  ASSERT_TRUE(world.Next().has_value());

  int seconds = 0;
  ASSERT_TRUE(world.Next(&seconds).has_value());
  EXPECT_EQ(seconds, 40);
}

TEST(PolicyEngineTest, ACooldownIsOfOneTask) {
  PolicyWorld world(Raise("    cooldown: 40s\n"));
  AddThrottled(world, "a");
  ASSERT_TRUE(world.Next().has_value());
  AddThrottled(world, "b");

  int seconds = 0;
  EXPECT_EQ(world.Next(&seconds)->verdict.task, "b");
  EXPECT_EQ(seconds, 6);
}

TEST(PolicyEngineTest, ActsNoMoreThanSoOftenAMinute) {
  PolicyWorld world(Raise("    cooldown: 0\n    max_per_minute: 2\n"));
  AddThrottled(world, "a");
  AddThrottled(world, "b");
  AddThrottled(world, "c");

  std::vector<PolicyDecision> decisions = world.Seconds(30);
  ASSERT_THAT(decisions, SizeIs(3 + 2));
  EXPECT_FALSE(decisions[0].is_refused());
  EXPECT_FALSE(decisions[1].is_refused());
  // Each that is kept waiting is told of once.
  for (size_t i = 2; i < decisions.size(); ++i) {
    EXPECT_EQ(decisions[i].verdict.refusal,
              "the rule has acted 2 times within a minute");
  }
  // Once the minute is over there are two more.
  decisions = world.Seconds(36 + 6);
  size_t acted = 0;
  for (const PolicyDecision& decision : decisions) {
    acted += decision.is_refused() ? 0 : 1;
  }
  EXPECT_EQ(acted, 2u);
}

TEST(PolicyEngineTest, DryRunIsSaidOfWhatIsDecided) {
  PolicyWorld dry(Raise(""));
  AddThrottled(dry, "web");
  EXPECT_TRUE(dry.Next()->dry_run);

  PolicyWorld wet(Raise("    dry_run: false\n"));
  AddThrottled(wet, "web");
  EXPECT_FALSE(wet.Next()->dry_run);
}

TEST(PolicyEngineTest, ATaskThatIsGoneIsForgotten) {
  PolicyWorld world(Raise(""));
  AddThrottled(world, "web");
  EXPECT_THAT(world.Seconds(5), IsEmpty());
  world.Forget("web");
  EXPECT_THAT(world.Seconds(1), IsEmpty());
  AddThrottled(world, "web");

  EXPECT_THAT(world.Seconds(5), IsEmpty());
  EXPECT_THAT(world.Seconds(1), SizeIs(1));
}

TEST(PolicyEngineTest, AnotherTaskOfTheSameIdIsAnother) {
  PolicyWorld world(Raise("    cooldown: 1h\n"));
  MadeUpTask& task = AddThrottled(world, "web");
  ASSERT_TRUE(world.Next().has_value());
  task.inode = 2;

  int seconds = 0;
  ASSERT_TRUE(world.Next(&seconds).has_value());
  EXPECT_EQ(seconds, 6);
}

TEST(PolicyEngineTest, LooksAtTheTasksOfTheRuleAlone) {
  PolicyWorld world(Raise("    tasks: web|cart\n    groups: shop\n"));
  AddThrottled(world, "web", "shop");
  AddThrottled(world, "cart", "bank");
  AddThrottled(world, "cart-2", "shop");
  AddThrottled(world, "cart-3");

  const std::vector<PolicyDecision> decisions = world.Seconds(10);
  ASSERT_THAT(decisions, SizeIs(1));
  EXPECT_EQ(decisions[0].verdict.task, "web");
  EXPECT_EQ(decisions[0].group, "shop");
}

TEST(PolicyEngineTest, ARefusalIsToldAgainOnceTheConditionHasPassed) {
  PolicyWorld world(Raise(""));
  MadeUpTask& task = AddThrottled(world, "web");
  task.seen.bounds.cpus_max.reset();
  EXPECT_THAT(world.Next()->verdict.refusal, HasSubstr("--cpus-max"));
  EXPECT_THAT(world.Seconds(60), IsEmpty());
  task.throttled = 0;
  EXPECT_THAT(world.Seconds(2), IsEmpty());
  task.throttled = 10;

  EXPECT_TRUE(world.Next()->is_refused());
}

// Two rules that each may stop one task of the group.
std::string TwoStops(const std::string& of_the_first) {
  return absl::StrCat(
      "dry_run: false\nrules:\n"
      "  - {name: one, action: stop_lowest_priority, tasks: a.*, for: 2s",
      of_the_first,
      "}\n"
      "  - {name: two, action: stop_lowest_priority, tasks: b.*, for: 2s}\n");
}

TEST(PolicyEngineTest, AllRulesTogetherStopOneTaskOfAGroupAtATime) {
  PolicyWorld world(TwoStops(""));
  world.AddTask("a", "shop").seen.bounds.priority = 1;
  MadeUpTask& b = world.AddTask("b", "shop");
  world.SetGroup("shop", 95 << 20);
  ASSERT_EQ(world.Next()->verdict.task, "a");
  world.Forget("a");

  // The group has one task now, and keeps it.
  int seconds = 0;
  const std::optional<PolicyDecision> next = world.Next(&seconds);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->rule, "two");
  EXPECT_EQ(next->verdict.refusal, "the group has 1 running, and keeps 1");
  // What it was short of before says nothing of what it is short of now.
  EXPECT_EQ(seconds, 2);
  EXPECT_TRUE(b.seen.runs);
}

TEST(PolicyEngineTest, ADryRunHoldsUpNoOtherRule) {
  PolicyWorld world(TwoStops(", dry_run: true"));
  world.AddTask("a", "shop");
  world.AddTask("b", "shop");
  world.SetGroup("shop", 95 << 20);

  const std::vector<PolicyDecision> decisions = world.Seconds(3);
  ASSERT_THAT(decisions, SizeIs(2));
  EXPECT_TRUE(decisions[0].dry_run);
  EXPECT_EQ(decisions[1].verdict.task, "b");
  EXPECT_FALSE(decisions[1].is_refused());
}

TEST(PolicyEngineTest, ARuleThatStaysInTheFileGoesOnWhereItWas) {
  const std::string up = Raise("    cooldown: 40s\n    max_per_minute: 1\n");
  PolicyWorld world(up);
  AddThrottled(world, "web");
  EXPECT_THAT(world.Seconds(4), IsEmpty());
  // At another place of the file, with another beside it.
  world.Follow(
      absl::StrCat("# more\nrules:\n  - {name: other, action: lower_cpus}\n",
                   up.substr(std::string("rules:\n").size())));

  int seconds = 0;
  ASSERT_TRUE(world.Next(&seconds).has_value());
  EXPECT_EQ(seconds, 2) << "of the six that it takes";
  world.Follow(up);
  const std::optional<PolicyDecision> second = world.Next(&seconds);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(seconds, 40) << "its cooldown";
  EXPECT_EQ(second->verdict.refusal,
            "the rule has acted 1 times within a minute");
}

TEST(PolicyEngineTest, ARuleThatSaysSomethingElseBeginsAnew) {
  PolicyWorld world(Raise(""));
  AddThrottled(world, "web");
  EXPECT_THAT(world.Seconds(4), IsEmpty());
  world.Follow(Raise("    tasks: w.*\n"));

  int seconds = 0;
  ASSERT_TRUE(world.Next(&seconds).has_value());
  EXPECT_EQ(seconds, 6);
}

TEST(PolicyEngineTest, ARuleThatIsTakenOutActsNoMore) {
  PolicyWorld world(Raise(""));
  AddThrottled(world, "web");
  world.Follow("rules: []\n");

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(PolicyEngineTest, WithoutRulesNothingIsDecided) {
  PolicyWorld world("rules: []\n");
  AddThrottled(world, "web");

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

}  // namespace
}  // namespace reeve
