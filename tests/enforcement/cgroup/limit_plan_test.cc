#include "enforcement/cgroup/limit_plan.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"
#include "tests/enforcement/cgroup/planned_writes.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr LimitVersions kV1 = {CgroupVersion::kV1, CgroupVersion::kV1,
                               CgroupVersion::kV1};
constexpr LimitVersions kV2 = {CgroupVersion::kV2, CgroupVersion::kV2,
                               CgroupVersion::kV2};

ResourceLimits Memory(Bound bound) {
  ResourceLimits limits;
  limits.memory_bytes = bound;
  return limits;
}

ResourceLimits Cores(std::optional<double> cores,
                     uint64_t period_usec = CpuQuota::kDefaultPeriodUsec) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{cores, period_usec};
  return limits;
}

ResourceLimits Shares(uint64_t shares) {
  ResourceLimits limits;
  limits.cpu_shares = shares;
  return limits;
}

ResourceLimits Pids(Bound bound) {
  ResourceLimits limits;
  limits.pids = bound;
  return limits;
}

std::vector<std::string> Writes(const ResourceLimits& limits,
                                const LimitVersions& versions,
                                const LimitTexts& current) {
  return WritesOf(PlanLimits(limits, versions, current));
}

LimitTexts NewV1() { return FakeLimitFiles::V1().texts(); }
LimitTexts NewV2() { return FakeLimitFiles::V2().texts(); }

// A v1 cgroup with this memory limit, which is its limit of memory and swap.
LimitTexts V1WithMemory(const std::string& bytes) {
  LimitTexts texts = NewV1();
  texts["memory.limit_in_bytes"] = bytes;
  texts["memory.memsw.limit_in_bytes"] = bytes;
  texts["memory.swappiness"] = "0";
  return texts;
}

LimitTexts V1WithQuota(const std::string& quota, const std::string& period) {
  LimitTexts texts = NewV1();
  texts["cpu.cfs_quota_us"] = quota;
  texts["cpu.cfs_period_us"] = period;
  return texts;
}

TEST(PlanV1MemoryTest, AFirstLimitIsBelowTheLimitOfMemoryAndSwapAtAnyTime) {
  EXPECT_THAT(
      Writes(Memory(Bound::Of(65536)), kV1, NewV1()),
      ElementsAre("memory.limit_in_bytes=65536",
                  "memory.memsw.limit_in_bytes=65536", "memory.swappiness=0"));
}

TEST(PlanV1MemoryTest, MemoryAndSwapIsFirstWhenGrowing) {
  EXPECT_THAT(Writes(Memory(Bound::Of(131072)), kV1, V1WithMemory("65536")),
              ElementsAre("memory.memsw.limit_in_bytes=131072",
                          "memory.limit_in_bytes=131072"));
}

TEST(PlanV1MemoryTest, MemoryAndSwapIsLastWhenShrinking) {
  EXPECT_THAT(Writes(Memory(Bound::Of(65536)), kV1, V1WithMemory("131072")),
              ElementsAre("memory.limit_in_bytes=65536",
                          "memory.memsw.limit_in_bytes=65536"));
}

TEST(PlanV1MemoryTest, NoLimitTurnsSwapOnAgain) {
  EXPECT_THAT(Writes(Memory(Bound::Unlimited()), kV1, V1WithMemory("65536")),
              ElementsAre("memory.memsw.limit_in_bytes=-1",
                          "memory.limit_in_bytes=-1", "memory.swappiness=60"));
}

TEST(PlanV1MemoryTest, NoLimitOnANewCgroupWritesNothing) {
  EXPECT_THAT(Writes(Memory(Bound::Unlimited()), kV1, NewV1()), IsEmpty());
}

TEST(PlanV1MemoryTest, WithoutSwapAccountingThereIsNothingToTurnOff) {
  LimitTexts texts = NewV1();
  texts.erase("memory.memsw.limit_in_bytes");
  texts.erase("memory.swappiness");
  EXPECT_THAT(Writes(Memory(Bound::Of(65536)), kV1, texts),
              ElementsAre("memory.limit_in_bytes=65536"));
}

TEST(PlanV1MemoryTest, ALimitThatIsRoundedToTheOneInForceIsNotWritten) {
  EXPECT_THAT(Writes(Memory(Bound::Of(65537)), kV1, V1WithMemory("65536")),
              IsEmpty());
}

TEST(PlanV2MemoryTest, ALimitTurnsSwapOffAndNoLimitOn) {
  LimitTexts texts = NewV2();
  EXPECT_THAT(Writes(Memory(Bound::Of(65536)), kV2, texts),
              ElementsAre("memory.swap.max=0", "memory.max=65536"));

  texts["memory.max"] = "65536";
  texts["memory.swap.max"] = "0";
  EXPECT_THAT(Writes(Memory(Bound::Of(131072)), kV2, texts),
              ElementsAre("memory.max=131072"));
  EXPECT_THAT(Writes(Memory(Bound::Unlimited()), kV2, texts),
              ElementsAre("memory.swap.max=max", "memory.max=max"));
}

TEST(PlanV2MemoryTest, WithoutSwapAccountingThereIsNothingToTurnOff) {
  LimitTexts texts = NewV2();
  texts.erase("memory.swap.max");
  EXPECT_THAT(Writes(Memory(Bound::Of(65536)), kV2, texts),
              ElementsAre("memory.max=65536"));
}

TEST(PlanSharesTest, AreSharesOnV1AndAWeightOnV2) {
  EXPECT_THAT(Writes(Shares(512), kV1, NewV1()), ElementsAre("cpu.shares=512"));
  EXPECT_THAT(Writes(Shares(512), kV2, NewV2()), ElementsAre("cpu.weight=50"));
  EXPECT_THAT(Writes(Shares(1024), kV1, NewV1()), IsEmpty());
  EXPECT_THAT(Writes(Shares(1024), kV2, NewV2()), IsEmpty());
}

TEST(PlanSharesTest, RequestedIsInSharesOnBothVersions) {
  const auto plan = PlanLimits(Shares(512), kV2, NewV2());
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->front().requested, "512");
}

TEST(PlanV1QuotaTest, WritesOnlyWhatDiffers) {
  EXPECT_THAT(Writes(Cores(0.5), kV1, NewV1()),
              ElementsAre("cpu.cfs_quota_us=50000"));
  EXPECT_THAT(Writes(Cores(0.5), kV1, V1WithQuota("50000", "100000")),
              IsEmpty());
  EXPECT_THAT(Writes(Cores(std::nullopt), kV1, V1WithQuota("50000", "100000")),
              ElementsAre("cpu.cfs_quota_us=-1"));
}

TEST(PlanV1QuotaTest, WhatMakesTheTaskSlowerIsFirst) {
  // A longer period, then more quota.
  EXPECT_THAT(
      Writes(Cores(2, 500'000), kV1, V1WithQuota("200000", "100000")),
      ElementsAre("cpu.cfs_period_us=500000", "cpu.cfs_quota_us=1000000"));
  // Less quota, then a shorter period.
  EXPECT_THAT(
      Writes(Cores(2, 50'000), kV1, V1WithQuota("200000", "100000")),
      ElementsAre("cpu.cfs_quota_us=100000", "cpu.cfs_period_us=50000"));
}

TEST(PlanV1QuotaTest, WithoutAQuotaAnyPeriodIsValid) {
  EXPECT_THAT(Writes(Cores(2, 10'000), kV1, NewV1()),
              ElementsAre("cpu.cfs_period_us=10000", "cpu.cfs_quota_us=20000"));
  EXPECT_THAT(
      Writes(Cores(std::nullopt, 10'000), kV1, V1WithQuota("200000", "100000")),
      ElementsAre("cpu.cfs_quota_us=-1", "cpu.cfs_period_us=10000"));
}

TEST(PlanV2QuotaTest, IsOneWrite) {
  EXPECT_THAT(Writes(Cores(0.5), kV2, NewV2()),
              ElementsAre("cpu.max=50000 100000"));
  EXPECT_THAT(Writes(Cores(1.5, 20'000), kV2, NewV2()),
              ElementsAre("cpu.max=30000 20000"));
  LimitTexts texts = NewV2();
  texts["cpu.max"] = "50000 100000";
  EXPECT_THAT(Writes(Cores(0.5), kV2, texts), IsEmpty());
  EXPECT_THAT(Writes(Cores(std::nullopt), kV2, texts),
              ElementsAre("cpu.max=max 100000"));
}

TEST(PlanQuotaTest, IsRoundedToTheNearestMicrosecond) {
  // 0.29 * 100000 is 28999.999… in binary.
  EXPECT_THAT(Writes(Cores(0.29), kV1, NewV1()),
              ElementsAre("cpu.cfs_quota_us=29000"));
}

TEST(PlanPidsTest, IsTheSameOnBothVersions) {
  for (const LimitVersions& versions : {kV1, kV2}) {
    EXPECT_THAT(Writes(Pids(Bound::Of(64)), versions, {{"pids.max", "max"}}),
                ElementsAre("pids.max=64"));
    EXPECT_THAT(
        Writes(Pids(Bound::Unlimited()), versions, {{"pids.max", "64"}}),
        ElementsAre("pids.max=max"));
  }
}

TEST(PlanLimitsTest, AHybridHostMixesVersions) {
  ResourceLimits limits = Memory(Bound::Of(65536));
  limits.cpu_shares = 512;
  const LimitVersions versions = {CgroupVersion::kV1, CgroupVersion::kV2,
                                  std::nullopt};
  EXPECT_THAT(
      Writes(limits, versions, {{"cpu.shares", "1024"}, {"memory.max", "max"}}),
      ElementsAre("memory.max=65536", "cpu.shares=512"));
}

TEST(PlanLimitsTest, NamesTheControllerThatIsMissing) {
  EXPECT_THAT(PlanLimits(Pids(Bound::Of(1)), LimitVersions{}, {}),
              StatusIs(absl::StatusCode::kUnavailable,
                       AllOf(HasSubstr("pids limit"),
                             HasSubstr("cgroup controller pids"))));
  EXPECT_THAT(PlanLimits(Cores(1), LimitVersions{}, {}),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("cgroup controller cpu")));
}

TEST(PlanLimitsTest, NamesTheFileThatTheKernelLacks) {
  LimitTexts texts = NewV1();
  texts.erase("cpu.cfs_quota_us");
  EXPECT_THAT(
      PlanLimits(Cores(1), kV1, texts),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cpu.cfs_quota_us")));
}

TEST(LimitFilesOfTest, AsksOnlyForWhatTheLimitsNeed) {
  EXPECT_THAT(LimitFilesOf(ResourceLimits{}, kV1), IsEmpty());
  EXPECT_EQ(LimitFilesOf(Pids(Bound::Of(1)), kV1).size(), 1u);
  EXPECT_EQ(LimitFilesOf(Memory(Bound::Of(1)), kV2).size(), 2u);
}

}  // namespace
}  // namespace reeve
