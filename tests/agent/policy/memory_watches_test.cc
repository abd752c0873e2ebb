// Rules about memory, in an engine.

#include "agent/policy/memory_watches.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/policy/policy_world.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr uint64_t kMiB = 1 << 20;

std::string RaiseHigh(const std::string& more = "") {
  return absl::StrCat(
      "rules:\n  - name: mark\n    action: raise_memory_high\n"
      "    for: 5s\n    cooldown: 0\n    step: 16M\n",
      more);
}

std::string Stop(const std::string& more = "") {
  return absl::StrCat(
      "rules:\n  - name: stop\n    action: stop_lowest_priority\n"
      "    for: 5s\n    cooldown: 10s\n    grace: 3s\n",
      more);
}

MadeUpTask& AddMarked(PolicyWorld& world) {
  MadeUpTask& task = world.AddTask("web");
  task.seen.limits.memory_high_bytes = 64 * kMiB;
  task.seen.limits.memory_bytes = 256 * kMiB;
  task.seen.bounds.memory_max_bytes = 128 * kMiB;
  return task;
}

TEST(RaiseMemoryHighWatchTest, RaisesAMarkThatIsReachedAllTheTime) {
  PolicyWorld world(RaiseHigh());
  AddMarked(world).high_events = 20;

  int seconds = 0;
  const std::optional<PolicyDecision> decision = world.Next(&seconds);
  ASSERT_TRUE(decision.has_value());
  // Windows are of two seconds.
  EXPECT_EQ(seconds, 7);
  EXPECT_EQ(decision->verdict.seen,
            "memory.high reached 40 times within 2.0s, for 6.0s");
  EXPECT_EQ(decision->verdict.from, 64.0 * kMiB);
  EXPECT_EQ(decision->verdict.to, 80.0 * kMiB);
}

TEST(RaiseMemoryHighWatchTest, AMarkThatIsReachedNowAndThenIsLeftAlone) {
  PolicyWorld world(RaiseHigh());
  MadeUpTask& task = AddMarked(world);
  for (int i = 0; i < 10; ++i) {
    task.high_events = 1;
    EXPECT_THAT(world.Seconds(3), IsEmpty());
    task.high_events = 0;
    EXPECT_THAT(world.Seconds(4), IsEmpty());
  }
}

TEST(RaiseMemoryHighWatchTest, GoesByPressureWhereTheRuleDoes) {
  PolicyWorld world(RaiseHigh("    pressure: 20%\n"));
  MadeUpTask& task = AddMarked(world);
  task.high_events = 20;
  task.pressure = 0.1;
  EXPECT_THAT(world.Seconds(60), IsEmpty());

  task.pressure = 0.3;
  const std::optional<PolicyDecision> decision = world.Next();
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->verdict.seen,
            "waited for memory in 30% of the time, for 5.0s");
}

TEST(RaiseMemoryHighWatchTest, GoesUpToTheBoundOfTheTask) {
  PolicyWorld world(RaiseHigh());
  MadeUpTask& task = AddMarked(world);
  task.high_events = 1;
  task.seen.limits.memory_high_bytes = 120 * kMiB;

  EXPECT_EQ(world.Next()->verdict.to, 128.0 * kMiB);
  task.seen.limits.memory_high_bytes = 128 * kMiB;
  EXPECT_EQ(world.Next()->verdict.refusal,
            "it may have 128M at most, by its --memory-max");
}

TEST(RaiseMemoryHighWatchTest, GoesUpToTheMemoryLimitBelowThat) {
  PolicyWorld world(RaiseHigh());
  MadeUpTask& task = AddMarked(world);
  task.high_events = 1;
  task.seen.limits.memory_bytes = 64 * kMiB;

  EXPECT_EQ(world.Next()->verdict.refusal,
            "it may have 64M at most, by its memory limit");
}

TEST(RaiseMemoryHighWatchTest, ATaskWithoutABoundOrAMarkIsLeftAlone) {
  PolicyWorld world(RaiseHigh());
  MadeUpTask& task = AddMarked(world);
  task.high_events = 1;
  task.seen.bounds.memory_max_bytes.reset();
  EXPECT_THAT(world.Next()->verdict.refusal, HasSubstr("no --memory-max"));

  task.seen.limits.memory_high_bytes.reset();
  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(StopLowestWatchTest, StopsTheLowestPriorityOfAGroupNearItsLimit) {
  PolicyWorld world(Stop());
  world.AddTask("a", "shop").seen.bounds.priority = 60;
  world.AddTask("b", "shop").seen.bounds.priority = 10;
  world.AddTask("c", "shop");
  world.AddTask("d", "other").seen.bounds.priority = 0;
  world.AddTask("e").seen.bounds.priority = 0;
  world.SetGroup("shop", 95 * kMiB);

  EXPECT_THAT(world.Seconds(5), IsEmpty());
  const std::optional<PolicyDecision> decision = world.Next();
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->verdict.task, "b");
  EXPECT_EQ(decision->group, "shop");
  EXPECT_EQ(decision->grace, absl::Seconds(3));
  EXPECT_EQ(decision->verdict.seen,
            "group shop: 95% of its 100M cannot be reclaimed, for 5.0s");
}

TEST(StopLowestWatchTest, OfEqualTasksTheYoungestIsStopped) {
  PolicyWorld world(Stop());
  world.AddTask("a", "shop");
  world.Seconds(1);
  world.AddTask("b", "shop");
  world.Seconds(1);
  world.AddTask("c", "shop").seen.bounds.priority = 51;
  world.SetGroup("shop", 95 * kMiB);

  EXPECT_EQ(world.Next()->verdict.task, "b");
}

TEST(StopLowestWatchTest, AGroupBelowItsLimitIsLeftAlone) {
  PolicyWorld world(Stop());
  world.AddTask("a", "shop");
  world.AddTask("b", "shop");
  world.SetGroup("shop", 80 * kMiB);

  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(StopLowestWatchTest, StopsForPressureWhereTheRuleSaysSo) {
  PolicyWorld world(Stop("    pressure: 40%\n"));
  world.AddTask("a", "shop");
  world.AddTask("b", "shop");
  world.SetGroup("shop", 10 * kMiB, 0.5);

  const std::optional<PolicyDecision> decision = world.Next();
  ASSERT_TRUE(decision.has_value());
  EXPECT_THAT(decision->verdict.seen,
              StartsWith("group shop: waited for memory in 50%"));
}

TEST(StopLowestWatchTest, WaitsForATaskThatEndsAlready) {
  PolicyWorld world(Stop());
  MadeUpTask& ending = world.AddTask("a", "shop");
  world.AddTask("b", "shop");
  world.AddTask("c", "shop");
  world.SetGroup("shop", 95 * kMiB);
  ending.seen.is_ending = true;
  EXPECT_THAT(world.Seconds(60), IsEmpty());

  world.Forget("a");
  EXPECT_EQ(world.Next()->verdict.task, "b");
}

TEST(StopLowestWatchTest, KeepsTheLastTaskOfTheGroup) {
  PolicyWorld world(Stop());
  world.AddTask("a", "shop");
  world.SetGroup("shop", 95 * kMiB);

  const std::optional<PolicyDecision> decision = world.Next();
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->verdict.refusal, "the group has 1 running, and keeps 1");
  EXPECT_THAT(world.Seconds(60), IsEmpty());
}

TEST(StopLowestWatchTest, StopsTheLastTaskWhereTheRuleKeepsNone) {
  PolicyWorld world(Stop("    keep: 0\n"));
  world.AddTask("a", "shop");
  world.SetGroup("shop", 95 * kMiB);

  EXPECT_FALSE(world.Next()->is_refused());
}

TEST(StopLowestWatchTest, StopsNoTaskThatIsNotTheRules) {
  PolicyWorld world(Stop("    tasks: batch-.*\n"));
  world.AddTask("a", "shop").seen.bounds.priority = 0;
  MadeUpTask& batch = world.AddTask("batch-1", "shop");
  batch.seen.bounds.priority = 90;
  world.SetGroup("shop", 95 * kMiB);
  EXPECT_EQ(world.Next()->verdict.task, "batch-1");

  world.Forget("batch-1");
  const std::optional<PolicyDecision> none = world.Next();
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->verdict.task, "");
  EXPECT_THAT(none->verdict.refusal, HasSubstr("no running task"));
}

TEST(UnreclaimableBytesTest, IsAnonymousMemoryAndTheKernels) {
  TaskSnapshot sample;
  EXPECT_EQ(UnreclaimableBytes(sample), std::nullopt);
  sample.cgroup.memory_anon_bytes = 10;
  sample.cgroup.memory_file_bytes = 1000;
  EXPECT_EQ(UnreclaimableBytes(sample), 10u);
  sample.cgroup.memory_kernel_bytes = 5;
  EXPECT_EQ(UnreclaimableBytes(sample), 15u);
}

TEST(UnreclaimableBytesTest, IsKnownMoreCloselyWithTheKindsOfMemory) {
  TaskSnapshot sample;
  sample.cgroup.memory_anon_bytes = 10;
  sample.cgroup.memory_kernel_bytes = 5;
  ExtraSample extra;
  extra.memory.slab_reclaimable_bytes = 3;
  extra.memory.shmem_bytes = 7;
  sample.extra = std::make_shared<ExtraSample>(extra);

  EXPECT_EQ(UnreclaimableBytes(sample), 19u);
}

}  // namespace
}  // namespace reeve
