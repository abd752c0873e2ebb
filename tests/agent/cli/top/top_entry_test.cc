#include "agent/cli/top/top_entry.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::Eq;
using ::testing::Optional;

const absl::Time kNow = absl::FromUnixSeconds(1'000);

v1::TaskSummary Task() {
  v1::TaskSummary task;
  task.set_id("web");
  task.set_group("shop");
  task.set_state(v1::TASK_STATE_RUNNING);
  task.add_command("sleep");
  task.add_command("1 2");
  task.mutable_started_at()->set_seconds(910);
  task.mutable_usage()->set_cpu_percent(50);
  task.mutable_usage()->set_memory_usage_bytes(32);
  task.mutable_usage()->set_memory_working_set_bytes(16);
  task.mutable_usage()->set_threads(3);
  task.mutable_usage()->set_oom_kills(1);
  task.mutable_limits()->set_memory_bytes(64);
  task.mutable_limits()->set_pids(8);
  return task;
}

TEST(TaskEntryTest, HasWhatATaskUsesAndMayUse) {
  const TopEntry entry = TaskEntry(Task(), kNow);

  EXPECT_EQ(entry.id, "web");
  EXPECT_EQ(entry.group, "shop");
  EXPECT_EQ(entry.state_text, "running");
  EXPECT_THAT(entry.cpu_percent, Optional(DoubleEq(50)));
  EXPECT_THAT(entry.memory_bytes, Optional(32));
  EXPECT_THAT(entry.memory_limit_bytes, Optional(64));
  EXPECT_THAT(entry.memory_share(), Optional(DoubleEq(0.5)));
  EXPECT_THAT(entry.working_set_bytes, Optional(16));
  EXPECT_THAT(entry.threads, Optional(3));
  EXPECT_THAT(entry.threads_limit, Optional(8));
  EXPECT_THAT(entry.oom_kills, Optional(1));
  EXPECT_THAT(entry.uptime, Optional(absl::Seconds(90)));
  EXPECT_EQ(entry.command, "sleep \"1 2\"");
}

TEST(TaskEntryTest, OneThatHasExitedUsesNothing) {
  v1::TaskSummary task = Task();
  task.set_state(v1::TASK_STATE_EXITED);
  task.mutable_exit()->set_code(3);
  task.mutable_exit()->mutable_exited_at()->set_seconds(920);

  const TopEntry entry = TaskEntry(task, kNow);

  EXPECT_EQ(entry.state_text, "exited 3");
  EXPECT_THAT(entry.cpu_percent, Eq(std::nullopt));
  EXPECT_THAT(entry.memory_bytes, Eq(std::nullopt));
  EXPECT_THAT(entry.oom_kills, Optional(1));
  EXPECT_THAT(entry.uptime, Optional(absl::Seconds(10)));
}

TEST(TaskEntryTest, SaysShortlyHowItEnded) {
  v1::TaskSummary task = Task();
  task.set_state(v1::TASK_STATE_EXITED);
  task.mutable_exit()->set_code(-1);
  EXPECT_EQ(TaskEntry(task, kNow).state_text, "exited ?");
  task.mutable_exit()->set_code(137);
  task.mutable_exit()->set_oom_killed(true);
  EXPECT_EQ(TaskEntry(task, kNow).state_text, "oom-killed");
  task.set_state(v1::TASK_STATE_RESTARTING);
  EXPECT_EQ(TaskEntry(task, kNow).state_text, "restarting");
}

TEST(TaskEntryTest, WhatWasNotMeasuredIsAbsent) {
  const TopEntry entry = TaskEntry(v1::TaskSummary(), kNow);

  EXPECT_THAT(entry.cpu_percent, Eq(std::nullopt));
  EXPECT_THAT(entry.memory_share(), Eq(std::nullopt));
  EXPECT_THAT(entry.threads, Eq(std::nullopt));
  EXPECT_THAT(entry.uptime, Eq(std::nullopt));
}

TEST(GroupEntryTest, HasWhatItsTasksUseTogether) {
  v1::GroupSummary group;
  group.set_group("shop");
  group.add_tasks("a");
  group.add_tasks("b");
  group.mutable_usage()->set_cpu_percent(70);
  group.mutable_limits()->set_memory_bytes(64);

  const TopEntry entry = GroupEntry(group);

  EXPECT_TRUE(entry.is_group);
  EXPECT_EQ(entry.id, "shop");
  EXPECT_EQ(entry.state_text, "2 tasks");
  EXPECT_THAT(entry.cpu_percent, Optional(DoubleEq(70)));
  EXPECT_THAT(entry.memory_limit_bytes, Optional(64));
}

}  // namespace
}  // namespace reeve
