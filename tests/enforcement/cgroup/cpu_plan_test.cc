#include "enforcement/cgroup/cpu_plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"
#include "tests/enforcement/cgroup/planned_writes.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

ResourceLimits Burst(uint64_t usec) {
  ResourceLimits limits;
  limits.cpu_burst_usec = usec;
  return limits;
}

ResourceLimits Quota(std::optional<double> cores) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{cores};
  return limits;
}

ResourceLimits QuotaAndBurst(double cores, uint64_t usec) {
  ResourceLimits limits = Quota(cores);
  limits.cpu_burst_usec = usec;
  return limits;
}

ResourceLimits Idle(bool idle) {
  ResourceLimits limits;
  limits.cpu_idle = idle;
  return limits;
}

ResourceLimits Shares(uint64_t shares) {
  ResourceLimits limits;
  limits.cpu_shares = shares;
  return limits;
}

absl::StatusOr<std::vector<PlannedLimit>> Plan(const ResourceLimits& limits,
                                               CgroupVersion version,
                                               const LimitTexts& current) {
  LimitPlanner planner(current);
  PlanCpu(limits, version, CpuWeightMapping::kLinear, planner);
  return std::move(planner).Result();
}

std::vector<std::string> Writes(const ResourceLimits& limits,
                                CgroupVersion version,
                                const LimitTexts& current) {
  return WritesOf(Plan(limits, version, current));
}

LimitTexts V1(const std::string& quota, const std::string& burst) {
  LimitTexts texts = FakeLimitFiles::V1().texts();
  texts["cpu.cfs_quota_us"] = quota;
  texts["cpu.cfs_burst_us"] = burst;
  return texts;
}

LimitTexts V2(const std::string& max, const std::string& burst) {
  LimitTexts texts = FakeLimitFiles::V2().texts();
  texts["cpu.max"] = max;
  texts["cpu.max.burst"] = burst;
  return texts;
}

TEST(PlanBurstTest, IsAfterAQuotaThatGrows) {
  EXPECT_THAT(Writes(QuotaAndBurst(0.8, 60'000), CgroupVersion::kV1,
                     V1("50000", "20000")),
              ElementsAre("cpu.cfs_quota_us=80000", "cpu.cfs_burst_us=60000"));
  EXPECT_THAT(Writes(QuotaAndBurst(0.8, 60'000), CgroupVersion::kV2,
                     V2("50000 100000", "20000")),
              ElementsAre("cpu.max=80000 100000", "cpu.max.burst=60000"));
}

TEST(PlanBurstTest, IsBeforeAQuotaThatShrinks) {
  EXPECT_THAT(Writes(QuotaAndBurst(0.2, 10'000), CgroupVersion::kV1,
                     V1("50000", "40000")),
              ElementsAre("cpu.cfs_burst_us=10000", "cpu.cfs_quota_us=20000"));
  EXPECT_THAT(Writes(QuotaAndBurst(0.2, 0), CgroupVersion::kV2,
                     V2("50000 100000", "40000")),
              ElementsAre("cpu.max.burst=0", "cpu.max=20000 100000"));
}

// Each write must leave the burst at or below the quota.
TEST(PlanBurstTest, EveryOrderIsValidAtEveryStep) {
  const uint64_t sizes[] = {10'000, 50'000, 90'000};
  for (const CgroupVersion version : {CgroupVersion::kV1, CgroupVersion::kV2}) {
    for (const uint64_t old_quota : sizes) {
      for (uint64_t old_burst = 0; old_burst <= old_quota;
           old_burst += 10'000) {
        for (const uint64_t quota : sizes) {
          for (uint64_t burst = 0; burst <= quota; burst += 10'000) {
            const bool is_v1 = version == CgroupVersion::kV1;
            FakeLimitFiles files =
                is_v1 ? FakeLimitFiles::V1() : FakeLimitFiles::V2();
            files.Put(is_v1 ? "cpu.cfs_quota_us" : "cpu.max",
                      absl::StrCat(old_quota, is_v1 ? "" : " 100000"));
            files.Put(is_v1 ? "cpu.cfs_burst_us" : "cpu.max.burst",
                      absl::StrCat(old_burst));
            const auto plan =
                Plan(QuotaAndBurst(static_cast<double>(quota) / 100'000, burst),
                     version, files.texts());
            ASSERT_THAT(plan, IsOk());
            for (const PlannedLimit& limit : *plan) {
              EXPECT_THAT(files.Write("cpu", limit.file, limit.value), IsOk())
                  << old_quota << ", " << old_burst << " to " << quota << ", "
                  << burst;
            }
          }
        }
      }
    }
  }
}

TEST(PlanBurstTest, GoesWithTheQuotaInForce) {
  EXPECT_THAT(
      Writes(Burst(50'000), CgroupVersion::kV2, V2("50000 100000", "0")),
      ElementsAre("cpu.max.burst=50000"));
  EXPECT_THAT(Plan(Burst(50'001), CgroupVersion::kV2, V2("50000 100000", "0")),
              StatusIs(kInvalid, HasSubstr("which is 50000 us")));
  EXPECT_THAT(Plan(Burst(50'001), CgroupVersion::kV1, V1("50000", "0")),
              StatusIs(kInvalid, HasSubstr("CPU burst of 50001 us")));
}

TEST(PlanBurstTest, AQuotaBelowTheBurstInForceIsRefused) {
  EXPECT_THAT(Plan(Quota(0.1), CgroupVersion::kV1, V1("50000", "20000")),
              StatusIs(kInvalid, HasSubstr("CPU burst of 20000 us")));
  EXPECT_THAT(
      Writes(Quota(std::nullopt), CgroupVersion::kV1, V1("50000", "20000")),
      ElementsAre("cpu.cfs_quota_us=-1"));
}

TEST(PlanBurstTest, NeedsAQuotaUnlessItIsNone) {
  EXPECT_THAT(Plan(Burst(1), CgroupVersion::kV1, V1("-1", "0")),
              StatusIs(kInvalid, HasSubstr("give a CPU limit too")));
  EXPECT_THAT(Writes(Burst(0), CgroupVersion::kV1, V1("-1", "20000")),
              ElementsAre("cpu.cfs_burst_us=0"));
}

TEST(PlanBurstTest, WithoutItsFileAQuotaIsSetAllTheSame) {
  LimitTexts texts = FakeLimitFiles::V1().texts();
  texts.erase("cpu.cfs_burst_us");
  EXPECT_THAT(Writes(Quota(0.5), CgroupVersion::kV1, texts),
              ElementsAre("cpu.cfs_quota_us=50000"));
  EXPECT_THAT(
      Plan(QuotaAndBurst(0.5, 1000), CgroupVersion::kV1, texts),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cpu.cfs_burst_us")));
}

TEST(PlanSharesTest, BecomeAWeightByTheFormulaOfChoice) {
  const LimitTexts texts = FakeLimitFiles::V2().texts();
  LimitPlanner planner(texts);

  PlanCpu(Shares(2048), CgroupVersion::kV2, CpuWeightMapping::kQuadratic,
          planner);

  const auto plan = std::move(planner).Result();
  ASSERT_THAT(plan, IsOk());
  ASSERT_EQ(plan->size(), 1u);
  EXPECT_EQ(plan->front().requested, "2048");
  EXPECT_EQ(plan->front().value, "174");
}

TEST(PlanIdleTest, IsTheSameOnBothVersions) {
  for (const CgroupVersion version : {CgroupVersion::kV1, CgroupVersion::kV2}) {
    EXPECT_THAT(Writes(Idle(true), version, {{"cpu.idle", "0"}}),
                ElementsAre("cpu.idle=1"));
    EXPECT_THAT(Writes(Idle(false), version, {{"cpu.idle", "0"}}), IsEmpty());
  }
}

TEST(PlanIdleTest, AnIdleTaskHasNoShares) {
  LimitTexts texts = FakeLimitFiles::V1().texts();
  texts["cpu.idle"] = "1";
  EXPECT_THAT(Plan(Shares(512), CgroupVersion::kV1, texts),
              StatusIs(kInvalid, HasSubstr("CPU shares of 512")));
}

TEST(PlanIdleTest, SharesAreWrittenOnceATaskIsIdleNoMore) {
  LimitTexts texts = FakeLimitFiles::V1().texts();
  texts["cpu.idle"] = "1";
  texts["cpu.shares"] = "3";  // As the kernel shows an idle group.
  ResourceLimits limits = Shares(3);
  limits.cpu_idle = false;
  EXPECT_THAT(Writes(limits, CgroupVersion::kV1, texts),
              ElementsAre("cpu.idle=0", "cpu.shares=3"));
}

TEST(PlanQuotaTest, APeriodThatIsNotNamedStays) {
  LimitTexts v1 = V1("25000", "0");
  v1["cpu.cfs_period_us"] = "50000";
  EXPECT_THAT(Writes(Quota(0.8), CgroupVersion::kV1, v1),
              ElementsAre("cpu.cfs_quota_us=40000"));
  EXPECT_THAT(Writes(Quota(std::nullopt), CgroupVersion::kV1, v1),
              ElementsAre("cpu.cfs_quota_us=-1"));
  EXPECT_THAT(Writes(Quota(0.8), CgroupVersion::kV2, V2("25000 50000", "0")),
              ElementsAre("cpu.max=40000 50000"));
  EXPECT_THAT(
      Writes(Quota(std::nullopt), CgroupVersion::kV2, V2("25000 50000", "0")),
      ElementsAre("cpu.max=max 50000"));
  EXPECT_THAT(Writes(Quota(0.8), CgroupVersion::kV2, V2("max 50000", "0")),
              ElementsAre("cpu.max=40000 50000"));
}

TEST(PlanQuotaTest, AFirstLimitHasThePeriodOfANewCgroup) {
  EXPECT_THAT(Writes(Quota(0.5), CgroupVersion::kV1, V1("-1", "0")),
              ElementsAre("cpu.cfs_quota_us=50000"));
  EXPECT_THAT(Writes(Quota(0.5), CgroupVersion::kV2, V2("max 100000", "0")),
              ElementsAre("cpu.max=50000 100000"));
}

TEST(PlanQuotaTest, MustNotBeTooSmallForThePeriodThatStays) {
  LimitTexts v1 = V1("2000", "0");
  v1["cpu.cfs_period_us"] = "2000";
  EXPECT_THAT(Plan(Quota(0.4), CgroupVersion::kV1, v1),
              StatusIs(kInvalid, HasSubstr("with a period of 2000 us")));
  EXPECT_THAT(Plan(Quota(0.4), CgroupVersion::kV2, V2("2000 2000", "0")),
              StatusIs(kInvalid, HasSubstr("with a period of 2000 us")));
  EXPECT_THAT(Writes(Quota(0.5), CgroupVersion::kV2, V2("2000 2000", "0")),
              ElementsAre("cpu.max=1000 2000"));
}

TEST(PlanBurstTest, IsMeasuredAgainstThePeriodThatStays) {
  EXPECT_THAT(Plan(QuotaAndBurst(0.5, 30'000), CgroupVersion::kV2,
                   V2("10000 50000", "0")),
              StatusIs(kInvalid, HasSubstr("which is 25000 us")));
}

}  // namespace
}  // namespace reeve
