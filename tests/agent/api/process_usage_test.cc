#include "agent/api/process_usage.h"

#include <memory>
#include <vector>

#include "agent/api/convert.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<ProcessSnapshot> TwoProcesses() {
  ProcessSnapshot process;
  process.rss_bytes = 4096;
  process.swap_bytes = 512;
  process.threads = 3;
  process.cpu_user_ns = 70;
  process.cpu_system_ns = 30;
  process.cpu_percent = 50;
  process.cpu_user_percent = 40;
  process.cpu_system_percent = 10;
  return {process, process};
}

TaskSnapshot TaskOf(const std::vector<ProcessSnapshot>& processes) {
  TaskSnapshot snapshot;
  snapshot.processes =
      std::make_shared<const std::vector<ProcessSnapshot>>(processes);
  return snapshot;
}

TEST(TotalsToProtoTest, SumsWhatEachProcessIsShownWith) {
  const std::vector<ProcessSnapshot> processes = TwoProcesses();
  const v1::ProcessUsage one = ToProto(processes[0]);

  const v1::ProcessTotals totals = TotalsToProto(processes);

  EXPECT_EQ(totals.processes(), 2u);
  EXPECT_EQ(totals.rss_bytes(), 2 * one.rss_bytes());
  EXPECT_EQ(totals.swap_bytes(), 2 * one.swap_bytes());
  EXPECT_EQ(totals.threads(), 2 * one.threads());
  EXPECT_EQ(totals.cpu_user_nsec(), 2 * one.cpu_user_nsec());
  EXPECT_EQ(totals.cpu_system_nsec(), 2 * one.cpu_system_nsec());
  EXPECT_DOUBLE_EQ(totals.cpu_percent(), 2 * one.cpu_percent());
  EXPECT_DOUBLE_EQ(totals.cpu_user_percent(), 2 * one.cpu_user_percent());
  EXPECT_DOUBLE_EQ(totals.cpu_system_percent(), 2 * one.cpu_system_percent());
}

TEST(TotalsToProtoTest, PercentageThatNoProcessHasIsNotSet) {
  const v1::ProcessTotals totals = TotalsToProto({ProcessSnapshot()});

  EXPECT_FALSE(totals.has_cpu_percent());
  EXPECT_FALSE(totals.has_cpu_user_percent());
  EXPECT_FALSE(totals.has_cpu_system_percent());
}

TEST(UsageToProtoTest, ProcessesStandInForACgroupWithoutControllers) {
  const v1::Usage usage = UsageToProto(TaskOf(TwoProcesses()));

  EXPECT_DOUBLE_EQ(usage.cpu_percent(), 100);
  EXPECT_DOUBLE_EQ(usage.cpu_user_percent(), 80);
  EXPECT_DOUBLE_EQ(usage.cpu_system_percent(), 20);
  EXPECT_EQ(usage.memory_usage_bytes(), 8192u);
  EXPECT_EQ(usage.memory_swap_bytes(), 1024u);
  EXPECT_THAT(
      usage.measured_by_processes(),
      ElementsAre("cpu_percent", "cpu_user_percent", "cpu_system_percent",
                  "memory_usage_bytes", "memory_swap_bytes"));
}

TEST(UsageToProtoTest, WhatTheCgroupTellsIsItsOwn) {
  TaskSnapshot task = TaskOf(TwoProcesses());
  task.cgroup.cpu_usage_ns = 5;
  task.cgroup.cpu_user_ns = 3;
  task.cgroup.cpu_system_ns = 2;
  task.cgroup.memory_usage_bytes = 12'288;
  task.cgroup.memory_swap_bytes = 0;

  const v1::Usage usage = UsageToProto(task);

  // It will have a percentage, after the second sample.
  EXPECT_FALSE(usage.has_cpu_percent());
  EXPECT_EQ(usage.memory_usage_bytes(), 12'288u);
  EXPECT_EQ(usage.memory_swap_bytes(), 0u);
  EXPECT_THAT(usage.measured_by_processes(), IsEmpty());
}

TEST(UsageToProtoTest, MissingControllerIsMadeUpForAlone) {
  TaskSnapshot task = TaskOf(TwoProcesses());
  task.cgroup.cpu_usage_ns = 5;
  task.cgroup.cpu_user_ns = 3;
  task.cgroup.cpu_system_ns = 2;
  task.cpu_percent = 7;

  const v1::Usage usage = UsageToProto(task);

  EXPECT_DOUBLE_EQ(usage.cpu_percent(), 7);
  EXPECT_THAT(usage.measured_by_processes(),
              ElementsAre("memory_usage_bytes", "memory_swap_bytes"));
}

TEST(UsageToProtoTest, WithoutProcessesNothingStandsIn) {
  for (const TaskSnapshot& task : {TaskOf({}), TaskSnapshot()}) {
    const v1::Usage usage = UsageToProto(task);

    EXPECT_FALSE(usage.has_cpu_percent());
    EXPECT_FALSE(usage.has_memory_usage_bytes());
    EXPECT_THAT(usage.measured_by_processes(), IsEmpty());
  }
}

}  // namespace
}  // namespace reeve
