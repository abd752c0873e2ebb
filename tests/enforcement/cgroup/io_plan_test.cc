#include "enforcement/cgroup/io_plan.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr CgroupVersion kV1 = CgroupVersion::kV1;
constexpr CgroupVersion kV2 = CgroupVersion::kV2;

LimitTexts NewV1() { return FakeLimitFiles::V1().texts(); }
LimitTexts NewV2() { return FakeLimitFiles::V2().texts(); }

ResourceLimits Weight(uint32_t weight) {
  ResourceLimits limits;
  limits.io_weight = weight;
  return limits;
}

// Reads and writes of "8:0".
ResourceLimits Max(std::optional<Bound> read_bps,
                   std::optional<Bound> write_bps,
                   std::optional<Bound> read_iops = std::nullopt) {
  ResourceLimits limits;
  limits.io_max = {{"8:0", read_bps, write_bps, read_iops, std::nullopt}};
  return limits;
}

absl::StatusOr<std::vector<PlannedLimit>> Plan(const ResourceLimits& limits,
                                               CgroupVersion version,
                                               const LimitTexts& current) {
  LimitPlanner planner(current);
  PlanIo(limits, version, planner);
  return std::move(planner).Result();
}

std::vector<std::string> Writes(const ResourceLimits& limits,
                                CgroupVersion version,
                                const LimitTexts& current) {
  const absl::StatusOr<std::vector<PlannedLimit>> plan =
      Plan(limits, version, current);
  EXPECT_THAT(plan, IsOk());
  std::vector<std::string> writes;
  if (!plan.ok()) return writes;
  for (const PlannedLimit& limit : *plan) {
    if (!limit.needs_write) continue;
    writes.push_back(absl::StrCat(limit.file, "=", limit.item,
                                  limit.item.empty() ? "" : " ", limit.value));
  }
  return writes;
}

TEST(PlanIoWeightTest, IsSetWhereTheKernelKeepsIt) {
  EXPECT_THAT(Writes(Weight(200), kV2, NewV2()), ElementsAre("io.weight=200"));
  EXPECT_THAT(Writes(Weight(100), kV2, NewV2()), IsEmpty());
  EXPECT_THAT(Writes(Weight(200), kV1, NewV1()),
              ElementsAre("blkio.bfq.weight=200"));

  LimitTexts only_bfq = NewV2();
  only_bfq.erase("io.weight");
  only_bfq["io.bfq.weight"] = "default 100";
  EXPECT_THAT(Writes(Weight(1000), kV2, only_bfq),
              ElementsAre("io.bfq.weight=1000"));
}

TEST(PlanIoWeightTest, BfqBesideACostModelGetsTheNearestItTakes) {
  LimitTexts both = NewV2();
  both["io.bfq.weight"] = "default 100";
  EXPECT_THAT(Writes(Weight(5000), kV2, both),
              ElementsAre("io.weight=5000", "io.bfq.weight=1000"));
}

TEST(PlanIoWeightTest, TheOldestKeeperOfWeightsCountsInFives) {
  LimitTexts cfq = NewV1();
  cfq["blkio.weight"] = "500";
  EXPECT_THAT(Writes(Weight(100), kV1, cfq), IsEmpty());
  EXPECT_THAT(Writes(Weight(20), kV1, cfq), ElementsAre("blkio.weight=100"));
  EXPECT_THAT(
      Plan(Weight(201), kV1, cfq),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("give 2 to 200")));
}

TEST(PlanIoWeightTest, OneThatTheKernelDoesNotTakeIsRefused) {
  EXPECT_THAT(
      Plan(Weight(1001), kV1, NewV1()),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("1 to 1000"), HasSubstr("blkio.bfq.weight"))));
}

TEST(PlanIoWeightTest, NamesTheFileThatTheKernelLacks) {
  EXPECT_THAT(
      Plan(Weight(200), kV1, {}),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("blkio.bfq.weight")));
  EXPECT_THAT(Plan(Weight(200), kV2, {}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("io.weight")));
}

TEST(PlanIoMaxTest, IsOneLineOnV2ThatKeepsWhatIsNotNamed) {
  EXPECT_THAT(Writes(Max(std::nullopt, Bound::Of(1024)), kV2, NewV2()),
              ElementsAre("io.max=8:0 rbps=max wbps=1024 riops=max wiops=max"));

  LimitTexts limited = NewV2();
  limited["io.max"] =
      "8:16 rbps=7 wbps=7 riops=7 wiops=7\n"
      "8:0 rbps=2048 wbps=1024 riops=max wiops=50";
  EXPECT_THAT(Writes(Max(std::nullopt, Bound::Unlimited(), Bound::Of(10)), kV2,
                     limited),
              ElementsAre("io.max=8:0 rbps=2048 wbps=max riops=10 wiops=50"));
  EXPECT_THAT(Writes(Max(Bound::Of(2048), std::nullopt), kV2, limited),
              IsEmpty());
}

TEST(PlanIoMaxTest, ShowsTheRatesThatWereNamed) {
  const auto plan =
      Plan(Max(Bound::Of(1024), Bound::Unlimited()), kV2, NewV2());
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->front().requested, "rbps=1024 wbps=max");
}

TEST(PlanIoMaxTest, IsALineInAFileForEachRateOnV1) {
  EXPECT_THAT(Writes(Max(Bound::Of(2048), Bound::Of(1024), Bound::Of(10)), kV1,
                     NewV1()),
              ElementsAre("blkio.throttle.read_bps_device=8:0 2048",
                          "blkio.throttle.write_bps_device=8:0 1024",
                          "blkio.throttle.read_iops_device=8:0 10"));
}

TEST(PlanIoMaxTest, NoLimitIsZeroOnV1) {
  LimitTexts limited = NewV1();
  limited["blkio.throttle.write_bps_device"] = "8:16 7\n8:0 1024";
  EXPECT_THAT(Writes(Max(Bound::Unlimited(), Bound::Unlimited()), kV1, limited),
              ElementsAre("blkio.throttle.write_bps_device=8:0 0"));
}

}  // namespace
}  // namespace reeve
