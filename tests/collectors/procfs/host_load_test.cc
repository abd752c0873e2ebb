#include "collectors/procfs/host_load.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Optional;

constexpr char kStat[] =
    "cpu  100 20 30 1000 50 1 2 3 40 5\n"
    "cpu0 50 10 15 500 25 1 1 1 20 2\n"
    "cpu1 50 10 15 500 25 0 1 2 20 3\n"
    "intr 47 0 9\n"
    "ctxt 512\n";

TEST(CpuTimesFromTest, CountsWhatIsNeitherIdleNorWaiting) {
  const std::optional<HostCpuTimes> times = CpuTimesFrom(*ParseProcStat(kStat));

  ASSERT_TRUE(times.has_value());
  EXPECT_EQ(times->cpus, 2);
  EXPECT_EQ(times->busy_ticks, 156) << "guests are in user and nice already";
  EXPECT_EQ(times->all_ticks, 1206);
}

TEST(CpuTimesFromTest, CannotBeToldWithoutIdleTime) {
  EXPECT_FALSE(CpuTimesFrom(ProcStat()).has_value());
  EXPECT_FALSE(CpuTimesFrom(*ParseProcStat("cpu  1 2 3\n")).has_value());
}

TEST(ParseRecentPressureTest, IsThatOfTenSeconds) {
  EXPECT_THAT(ParseRecentPressure(
                  "some avg10=98.95 avg60=98.49 avg300=76.84 total=470131423\n"
                  "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"),
              Optional(DoubleEq(98.95)));
  EXPECT_FALSE(ParseRecentPressure("").has_value());
  EXPECT_FALSE(ParseRecentPressure("full avg10=1.00").has_value());
  EXPECT_FALSE(ParseRecentPressure("some avg60=1.00").has_value());
}

TEST(ReadHostLoadTest, ReadsMemoryAndLoad) {
  FakeTree proc;
  proc.Write("meminfo",
             "MemTotal:       24684084 kB\nMemAvailable:   22278884 kB\n");
  proc.Write("loadavg", "0.20 0.18 12.00 1/80 11206\n");

  const HostLoad host = ReadHostLoad(proc.Path(""));

  ASSERT_TRUE(host.memory.has_value());
  EXPECT_EQ(host.memory->total_bytes, 24684084ULL * 1024);
  EXPECT_EQ(host.memory->available_bytes, 22278884ULL * 1024);
  EXPECT_THAT(host.load, Optional(ElementsAre(0.2, 0.18, 12)));
}

TEST(ReadHostLoadTest, WhatCannotBeReadIsAbsent) {
  FakeTree proc;
  proc.Write("stat", kStat);
  proc.Write("meminfo", "MemTotal: 5 kB\n");
  proc.Write("pressure/io", "some avg10=1.25 avg60=0.00 avg300=0.00 total=1\n");

  const HostLoad host = ReadHostLoad(proc.Path(""));

  EXPECT_TRUE(host.cpu.has_value());
  EXPECT_FALSE(host.memory.has_value());
  EXPECT_FALSE(host.load.has_value());
  EXPECT_THAT(host.io_pressure, Optional(DoubleEq(1.25)));
  EXPECT_THAT(host.cpu_pressure, Eq(std::nullopt));
}

HostLoad Busy(uint64_t busy, uint64_t all) {
  HostLoad host;
  host.cpu = HostCpuTimes{busy, all, 2};
  return host;
}

TEST(UsageBetweenTest, IsTheShareOfTheTimeBetween) {
  EXPECT_THAT(UsageBetween(Busy(100, 1000), Busy(150, 1200)).cpu_percent,
              Optional(DoubleEq(25)));
}

TEST(UsageBetweenTest, CannotBeToldWithoutTimeOrFromCountersGoneBack) {
  EXPECT_FALSE(
      UsageBetween(Busy(100, 1000), Busy(100, 1000)).cpu_percent.has_value());
  EXPECT_FALSE(
      UsageBetween(Busy(100, 1000), Busy(99, 1100)).cpu_percent.has_value());
  EXPECT_FALSE(UsageBetween(HostLoad(), Busy(1, 2)).cpu_percent.has_value());
}

}  // namespace
}  // namespace reeve
