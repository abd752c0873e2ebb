// A memory limit of a group that is lowered below what its tasks use, on the
// real kernel, whatever version it has.

#include <fcntl.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "agent/state/memory_high_records.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

ResourceLimits Memory(uint64_t mib) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(mib << 20);
  return limits;
}

class GroupMemoryDecreaseTest : public TaskSupervisorTest {
 protected:
  void TearDown() override {
    if (!world_.has_value()) return;
    for (const auto& task : supervisor().List()) {
      (void)supervisor().Stop(task->id(), "", absl::ZeroDuration());
    }
    EXPECT_TRUE(Eventually([this] { return HasGone(); }));
    TaskSupervisorTest::TearDown();
  }

  TaskSupervisor& supervisor() { return world_->supervisor(); }

  // A cgroup that is slow to go is removed after its task's end was told.
  bool HasGone() {
    for (const auto& group : supervisor().ListGroups()) {
      if (!supervisor().RemoveGroup(group->name()).ok()) return false;
    }
    return true;
  }

  template <typename Condition>
  static bool Eventually(Condition condition) {
    const absl::Time give_up_at = absl::Now() + kPatience;
    while (!condition()) {
      if (absl::Now() > give_up_at) return false;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return true;
  }

  // Starts two tasks that hold half of `mib` each.
  void StartHolders(uint64_t mib) {
    const std::string program = RunfilePath("tests/programs/allocate");
    for (const char* id : {"one", "two"}) {
      TaskSpec spec;
      spec.id = id;
      spec.group = "shop";
      spec.command = {program, "--mib", absl::StrCat(mib / 2), "--hold", "600"};
      ASSERT_THAT(supervisor().Launch(std::move(spec), {}, false), IsOk());
    }
    ASSERT_TRUE(Eventually([this, mib] {
      return Read("memory.usage_in_bytes", "memory.current") >= (mib << 20);
    }));
  }

  std::string PathOf(const std::string& file) const {
    return absl::StrCat(world_->mounts().Find("memory")->mount_point, parent_,
                        "/@shop/", file);
  }

  // One of the group's files as a number; the largest there is for "max".
  uint64_t Read(const std::string& v1_file, const std::string& v2_file) {
    const absl::StatusOr<std::string> text =
        ReadFile(PathOf(IsV1() ? v1_file : v2_file));
    EXPECT_THAT(text, IsOk());
    uint64_t number = 0;
    return absl::SimpleAtoi(text.value_or(""), &number)
               ? number
               : std::numeric_limits<uint64_t>::max();
  }

  bool IsV1() const {
    return world_->mounts().Find("memory")->version == CgroupVersion::kV1;
  }

  uint64_t MemoryLimit() { return Read("memory.limit_in_bytes", "memory.max"); }

  LimitValues Limits() {
    return supervisor().ListGroups().at(0)->cgroup()->Limits();
  }

  void ExpectBothRun() {
    for (const char* id : {"one", "two"}) {
      const auto task = supervisor().Find(id).value();
      EXPECT_EQ(task->Status().state, TaskState::kRunning) << id;
      EXPECT_THAT(task->cgroup()->OomKills(), IsOkAndHolds(0));
    }
  }
};

TEST_F(GroupMemoryDecreaseTest, WhatFitsIsSetAndWhatDoesNotIsRefused) {
  ASSERT_THAT(supervisor().SetGroup("shop", Memory(128)), IsOk());
  ASSERT_NO_FATAL_FAILURE(StartHolders(48));

  EXPECT_THAT(
      supervisor().SetGroup("shop", Memory(16), {absl::Milliseconds(300)}),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               AllOf(HasSubstr("M in use"), HasSubstr("M remain"),
                     HasSubstr("in force 134217728"))));

  EXPECT_EQ(MemoryLimit(), 128u << 20);
  EXPECT_THAT(Limits().memory_bytes, Optional(128u << 20));
  if (!IsV1()) {
    EXPECT_EQ(Read("", "memory.high"), std::numeric_limits<uint64_t>::max());
  }
  // An agent that is started now does not try again.
  RestartAgent();
  EXPECT_EQ(MemoryLimit(), 128u << 20);
  ASSERT_THAT(supervisor().SetGroup("shop", Memory(64)), IsOk());
  EXPECT_EQ(MemoryLimit(), 64u << 20);
  ExpectBothRun();
}

TEST_F(GroupMemoryDecreaseTest, ForceKillsOnV2AndSaysHowMany) {
  ASSERT_NO_FATAL_FAILURE(StartHolders(48));

  const auto update = supervisor().SetGroup(
      "shop", Memory(32), {absl::Milliseconds(100), /*force=*/true});

  if (IsV1()) {
    EXPECT_THAT(update, StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr("--force or not")));
    ExpectBothRun();
    return;
  }
  ASSERT_THAT(update, IsOk());
  ASSERT_TRUE(update->memory_decrease.has_value());
  // One would do, but what is left of it may look like too much for a while.
  EXPECT_THAT(update->memory_decrease->oom_kills, AnyOf(1u, 2u));
  EXPECT_THAT(ReadFile(PathOf("memory.events")),
              IsOkAndHolds(HasSubstr(absl::StrCat(
                  "\noom_kill ", update->memory_decrease->oom_kills, "\n"))));
  EXPECT_EQ(MemoryLimit(), 32u << 20);
  EXPECT_EQ(Read("", "memory.high"), std::numeric_limits<uint64_t>::max());
}

TEST_F(GroupMemoryDecreaseTest, AnAgentKilledInItLeavesMemoryHighToTheNext) {
  if (IsV1()) GTEST_SKIP() << "only cgroup v2 has memory.high";
  ASSERT_NO_FATAL_FAILURE(StartHolders(48));
  const std::string group = parent_ + "/@shop";
  const std::string high = PathOf("memory.high");

  // What a killed agent leaves.
  world_.reset();
  ASSERT_THAT(MemoryHighRecords(tree_.Path("state")).Write(group, "max"),
              IsOk());
  ASSERT_THAT(WriteFileAt(AT_FDCWD, high, "134217728"), IsOk());
  world_.emplace(tree_.Path("state"), parent_);

  EXPECT_THAT(ReadFile(high), IsOkAndHolds("max\n"));
  EXPECT_FALSE(Limits().memory_high_bytes.has_value());
  EXPECT_THAT(MemoryHighRecords(tree_.Path("state")).Names(),
              IsOkAndHolds(IsEmpty()));
  ExpectBothRun();
}

}  // namespace
}  // namespace reeve
