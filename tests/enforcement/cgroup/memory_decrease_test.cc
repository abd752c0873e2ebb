#include "enforcement/cgroup/memory_decrease.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enforcement/cgroup/ceiling_record.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_memory_files.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr uint64_t kMiB = 1 << 20;
constexpr char kV1Limit[] = "memory.limit_in_bytes";

MemoryDecreaseOptions Within(absl::Duration timeout, bool force = false) {
  return {timeout, force};
}

// What is kept, and what memory.high held when that was last changed.
class FakeCeilingRecord final : public CeilingRecord {
 public:
  explicit FakeCeilingRecord(const FakeMemoryFiles& files) : files_(files) {}

  absl::Status Keep(const std::string& high) override {
    calls_.push_back("keep " + high + ", then " + files_.text("memory.high"));
    return answer_;
  }
  absl::Status Drop() override {
    calls_.push_back("drop, then " + files_.text("memory.high"));
    return absl::OkStatus();
  }

  void AnswerWith(absl::Status answer) { answer_ = std::move(answer); }
  const std::vector<std::string>& calls() const { return calls_; }

 private:
  const FakeMemoryFiles& files_;
  absl::Status answer_;
  std::vector<std::string> calls_;
};

// A decrease to 100 MiB and what became of it.
class Decrease {
 public:
  explicit Decrease(FakeMemoryFiles& files,
                    const MemoryDecreaseOptions& options = {},
                    const std::string& file = "memory.max")
      : result_(LowerMemoryLimit(file, 100 * kMiB, options, files, told_)) {}

  absl::Status status() const { return result_.status(); }
  const std::optional<MemoryDecrease>& told() const { return told_; }

 private:
  std::optional<MemoryDecrease> told_;
  absl::StatusOr<std::string> result_;
};

TEST(LowerMemoryLimitTest, WhatFitsIsWrittenAndNothingElse) {
  FakeMemoryFiles files(/*cache_mib=*/10, /*anon_mib=*/20);

  const Decrease decrease(files);

  EXPECT_THAT(decrease.status(), IsOk());
  EXPECT_FALSE(decrease.told().has_value());
  EXPECT_THAT(files.writes(), ElementsAre("memory.max=104857600"));
}

TEST(LowerMemoryLimitTest, CacheIsReclaimedInPiecesUntilTheRestFits) {
  FakeMemoryFiles files(/*cache_mib=*/160, /*anon_mib=*/20);

  const Decrease decrease(files);

  EXPECT_THAT(decrease.status(), IsOk());
  ASSERT_TRUE(decrease.told().has_value());
  EXPECT_EQ(decrease.told()->usage_before_bytes, 180 * kMiB);
  EXPECT_EQ(decrease.told()->usage_after_bytes, 100 * kMiB);
  EXPECT_EQ(decrease.told()->reclaimed_bytes, 80 * kMiB);
  EXPECT_EQ(decrease.told()->oom_kills, 0u);
  EXPECT_EQ(files.kills(), 0u);
  EXPECT_THAT(files.writes(),
              ElementsAre("memory.high=188743680", "memory.reclaim=33554432",
                          "memory.high=155189248", "memory.reclaim=33554432",
                          "memory.high=121634816", "memory.reclaim=16777216",
                          "memory.high=104857600", "memory.max=104857600",
                          "memory.high=max"));
}

TEST(LowerMemoryLimitTest, WithoutMemoryReclaimMemoryHighDoesIt) {
  FakeMemoryFiles files(/*cache_mib=*/160, /*anon_mib=*/20);
  files.RemoveReclaim();

  const Decrease decrease(files);

  EXPECT_THAT(decrease.status(), IsOk());
  ASSERT_TRUE(decrease.told().has_value());
  EXPECT_EQ(decrease.told()->reclaimed_bytes, 80 * kMiB);
  EXPECT_EQ(files.kills(), 0u);
  EXPECT_EQ(files.text("memory.max"), "104857600");
  EXPECT_EQ(files.text("memory.high"), "max");
}

TEST(LowerMemoryLimitTest, WhatCannotBeReclaimedIsRefused) {
  FakeMemoryFiles files(/*cache_mib=*/12, /*anon_mib=*/168);
  files.Put("memory.high", "209715200");

  const Decrease decrease(files, Within(absl::Milliseconds(20)));

  EXPECT_THAT(decrease.status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(StartsWith("180M in use, of which 12M could be "
                                        "reclaimed in 20ms and 168M remain: "),
                             HasSubstr("--force"))));
  EXPECT_EQ(files.kills(), 0u);
  EXPECT_EQ(files.text("memory.max"), "max");
  EXPECT_EQ(files.text("memory.high"), "209715200");
  EXPECT_THAT(files.writes(), Not(Contains(StartsWith("memory.max"))));
}

TEST(LowerMemoryLimitTest, WithoutAnyTimeItIsTriedOnce) {
  FakeMemoryFiles small(/*cache_mib=*/30, /*anon_mib=*/90);
  FakeMemoryFiles large(/*cache_mib=*/160, /*anon_mib=*/20);

  EXPECT_THAT(Decrease(small, Within(absl::ZeroDuration())).status(), IsOk());
  EXPECT_THAT(Decrease(large, Within(absl::ZeroDuration())).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("of which 32M could be reclaimed in 0")));
}

TEST(LowerMemoryLimitTest, WhatCanBeReclaimedLaterIsWaitedFor) {
  FakeMemoryFiles files(/*cache_mib=*/0, /*anon_mib=*/180);
  files.FreeAtEachAttempt(10);

  const Decrease decrease(files, Within(absl::Seconds(60)));

  EXPECT_THAT(decrease.status(), IsOk());
  EXPECT_EQ(files.kills(), 0u);
}

TEST(LowerMemoryLimitTest, ForceKillsAndSaysHowManyButReclaimsFirst) {
  FakeMemoryFiles files(/*cache_mib=*/12, /*anon_mib=*/168);

  const Decrease decrease(files, Within(absl::Milliseconds(20), true));

  EXPECT_THAT(decrease.status(), IsOk());
  ASSERT_TRUE(decrease.told().has_value());
  EXPECT_EQ(decrease.told()->usage_before_bytes, 180 * kMiB);
  EXPECT_EQ(decrease.told()->reclaimed_bytes, 12 * kMiB);
  EXPECT_EQ(decrease.told()->usage_after_bytes, 0u);
  EXPECT_EQ(decrease.told()->oom_kills, 1u);
  EXPECT_EQ(files.text("memory.max"), "104857600");
  EXPECT_EQ(files.text("memory.high"), "max");
}

TEST(LowerMemoryLimitTest, ATaskThatGrowsIsNeverGivenLessThanItUses) {
  // Near its limit, past it while it is looked at, and faster than reclaim.
  for (const uint64_t anon_mib : {80u, 95u, 99u, 100u, 120u}) {
    for (const uint64_t growth_mib : {1u, 5u, 40u}) {
      SCOPED_TRACE(testing::Message() << anon_mib << " + " << growth_mib);
      FakeMemoryFiles files(/*cache_mib=*/50, anon_mib);
      files.GrowAtEachLook(growth_mib);

      (void)Decrease(files, Within(absl::Milliseconds(5)));

      EXPECT_EQ(files.kills(), 0u);
      EXPECT_EQ(files.text("memory.high"), "max");
    }
  }
}

TEST(LowerMemoryLimitTest, WhatIsNearTheLimitIsKeptBelowItUntilItIsWritten) {
  FakeMemoryFiles files(/*cache_mib=*/0, /*anon_mib=*/95);

  const Decrease decrease(files);

  EXPECT_THAT(decrease.status(), IsOk());
  EXPECT_FALSE(decrease.told().has_value());
  EXPECT_THAT(files.writes(),
              ElementsAre("memory.high=104857600", "memory.max=104857600",
                          "memory.high=max"));
}

TEST(LowerMemoryLimitTest, AHighMarkThatIsLowerAlreadyStays) {
  FakeMemoryFiles files(/*cache_mib=*/0, /*anon_mib=*/95);
  files.Put("memory.high", "52428800");

  EXPECT_THAT(Decrease(files).status(), IsOk());

  EXPECT_THAT(files.writes(), ElementsAre("memory.max=104857600"));
}

TEST(LowerMemoryLimitTest, WhatMemoryHighHeldIsKeptWhileItIsLowered) {
  FakeMemoryFiles files(/*cache_mib=*/160, /*anon_mib=*/20);
  files.Put("memory.high", "209715200");
  FakeCeilingRecord record(files);

  EXPECT_THAT(
      Decrease(files, {absl::Seconds(2), /*force=*/false, &record}).status(),
      IsOk());

  EXPECT_THAT(record.calls(), ElementsAre("keep 209715200, then 209715200",
                                          "drop, then 209715200"));
}

TEST(LowerMemoryLimitTest, ARefusedDecreaseLeavesNoRecord) {
  FakeMemoryFiles files(/*cache_mib=*/12, /*anon_mib=*/168);
  FakeCeilingRecord record(files);

  EXPECT_THAT(Decrease(files, {absl::ZeroDuration(), /*force=*/false, &record})
                  .status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(record.calls(),
              ElementsAre("keep max, then max", "drop, then max"));
}

TEST(LowerMemoryLimitTest, WhatIsNotLoweredNeedsNoRecord) {
  FakeMemoryFiles files(/*cache_mib=*/10, /*anon_mib=*/20);
  FakeCeilingRecord record(files);

  EXPECT_THAT(
      Decrease(files, {absl::Seconds(2), /*force=*/false, &record}).status(),
      IsOk());

  EXPECT_THAT(record.calls(), IsEmpty());
}

TEST(LowerMemoryLimitTest, WhatCannotBeKeptIsNotLowered) {
  FakeMemoryFiles files(/*cache_mib=*/160, /*anon_mib=*/20);
  FakeCeilingRecord record(files);
  record.AnswerWith(absl::ResourceExhaustedError("disk full"));

  EXPECT_THAT(
      Decrease(files, {absl::Seconds(2), /*force=*/false, &record}).status(),
      StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("disk full")));

  EXPECT_THAT(files.writes(), IsEmpty());
}

TEST(LowerMemoryLimitTest, V1ReclaimsByItself) {
  FakeMemoryFiles files(/*cache_mib=*/160, /*anon_mib=*/20);

  const Decrease decrease(files, {}, kV1Limit);

  EXPECT_THAT(decrease.status(), IsOk());
  ASSERT_TRUE(decrease.told().has_value());
  EXPECT_EQ(decrease.told()->usage_before_bytes, 180 * kMiB);
  EXPECT_EQ(decrease.told()->reclaimed_bytes, 80 * kMiB);
  EXPECT_THAT(files.writes(), ElementsAre("memory.limit_in_bytes=104857600"));
}

TEST(LowerMemoryLimitTest, V1IsAskedAgainWhileItIsBusy) {
  FakeMemoryFiles files(/*cache_mib=*/0, /*anon_mib=*/180);
  files.FreeAtEachAttempt(10);

  EXPECT_THAT(Decrease(files, Within(absl::Seconds(60)), kV1Limit).status(),
              IsOk());
  EXPECT_EQ(files.text(kV1Limit), "104857600");
}

TEST(LowerMemoryLimitTest, V1RefusesWhateverIsSaid) {
  for (const bool force : {false, true}) {
    FakeMemoryFiles files(/*cache_mib=*/12, /*anon_mib=*/168);

    const Decrease decrease(files, Within(absl::Milliseconds(20), force),
                            kV1Limit);

    EXPECT_THAT(
        decrease.status(),
        StatusIs(absl::StatusCode::kFailedPrecondition,
                 AllOf(HasSubstr("12M could be reclaimed"),
                       HasSubstr("168M remain"), HasSubstr("--force or not"))));
    EXPECT_EQ(files.text(kV1Limit), "9223372036854771712");
  }
}

TEST(LowerMemoryLimitTest, V1LimitsMemoryWithSwapTheSameWay) {
  FakeMemoryFiles files(/*cache_mib=*/160, /*anon_mib=*/20);

  const Decrease decrease(files, {}, "memory.memsw.limit_in_bytes");

  EXPECT_THAT(decrease.status(), IsOk());
  EXPECT_EQ(decrease.told()->reclaimed_bytes, 80 * kMiB);
}

TEST(LowerMemoryLimitTest, ARemovedCgroupIsNotFound) {
  FakeMemoryFiles files(/*cache_mib=*/160, /*anon_mib=*/20);
  files.RemoveCgroup();

  EXPECT_THAT(Decrease(files).status(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Decrease(files, {}, kV1Limit).status(),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(IsMemoryDecreaseTest, IsOfHardLimitsThatGetLower) {
  EXPECT_TRUE(IsMemoryDecrease("memory.max", "max", "65536"));
  EXPECT_TRUE(IsMemoryDecrease("memory.max", "131072", "65536"));
  EXPECT_TRUE(IsMemoryDecrease(kV1Limit, "9223372036854771712", "65536"));
  EXPECT_TRUE(
      IsMemoryDecrease("memory.memsw.limit_in_bytes", "131072", "65536"));

  EXPECT_FALSE(IsMemoryDecrease("memory.max", "65536", "65536"));
  EXPECT_FALSE(IsMemoryDecrease("memory.max", "65536", "max"));
  EXPECT_FALSE(IsMemoryDecrease(kV1Limit, "65536", "-1"));
  // They do not kill.
  EXPECT_FALSE(IsMemoryDecrease("memory.high", "max", "65536"));
  EXPECT_FALSE(IsMemoryDecrease("memory.swap.max", "max", "65536"));
  EXPECT_FALSE(IsMemoryDecrease("pids.max", "max", "16"));
}

TEST(ValidateMemoryDecreaseTest, TakesUpToAMinute) {
  EXPECT_THAT(ValidateMemoryDecrease({}), IsOk());
  EXPECT_THAT(ValidateMemoryDecrease(Within(absl::ZeroDuration())), IsOk());
  EXPECT_THAT(ValidateMemoryDecrease(Within(absl::Minutes(1))), IsOk());
  for (const absl::Duration wrong : {absl::Seconds(-1), absl::Seconds(61)}) {
    EXPECT_THAT(
        ValidateMemoryDecrease(Within(wrong)),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0 to 1m")));
  }
}

}  // namespace
}  // namespace reeve
