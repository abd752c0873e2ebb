#include "enforcement/spec/resource_limits.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

absl::Status ValidateMemory(uint64_t bytes) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(bytes);
  return ValidateLimits(limits);
}

absl::Status ValidateShares(uint64_t shares) {
  ResourceLimits limits;
  limits.cpu_shares = shares;
  return ValidateLimits(limits);
}

absl::Status ValidateCores(double cores, uint64_t period_usec = 100'000) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{cores, period_usec};
  return ValidateLimits(limits);
}

absl::Status ValidatePids(uint64_t pids) {
  ResourceLimits limits;
  limits.pids = Bound::Of(pids);
  return ValidateLimits(limits);
}

TEST(ValidateLimitsTest, NoLimitAtAllIsFine) {
  EXPECT_THAT(ValidateLimits(ResourceLimits{}), IsOk());
}

TEST(ValidateLimitsTest, UnlimitedIsALimitThatCanBeAskedFor) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Unlimited();
  limits.cpu_quota = CpuQuota{};
  limits.pids = Bound::Unlimited();
  EXPECT_THAT(ValidateLimits(limits), IsOk());
}

TEST(ValidateLimitsTest, TakesSharesFrom2To262144) {
  EXPECT_THAT(ValidateShares(2), IsOk());
  EXPECT_THAT(ValidateShares(262'144), IsOk());
  for (const uint64_t shares : {0ul, 1ul, 262'145ul}) {
    EXPECT_THAT(ValidateShares(shares),
                StatusIs(kInvalid, HasSubstr("give 2 to 262144")));
  }
}

TEST(ValidateLimitsTest, TakesMemoryFromOnePage) {
  EXPECT_THAT(ValidateMemory(65'536), IsOk());
  EXPECT_THAT(ValidateMemory(4095),
              StatusIs(kInvalid,
                       AllOf(HasSubstr("4095 bytes"), HasSubstr("one page"))));
  EXPECT_THAT(ValidateMemory(0), StatusIs(kInvalid));
}

TEST(ValidateLimitsTest, RefusesTheNumbersThatTheKernelTakesForUnlimited) {
  EXPECT_THAT(ValidateMemory(std::numeric_limits<int64_t>::max()),
              StatusIs(kInvalid, HasSubstr("give \"max\"")));
  EXPECT_THAT(ValidateMemory(std::numeric_limits<uint64_t>::max()),
              StatusIs(kInvalid, HasSubstr("give \"max\"")));
}

TEST(ValidateLimitsTest, RefusesCoresThatAreNoPositiveNumber) {
  for (const double cores :
       {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(ValidateCores(cores),
                StatusIs(kInvalid, HasSubstr("give more than 0")));
  }
}

TEST(ValidateLimitsTest, TakesAPeriodOfOneMillisecondToOneSecond) {
  EXPECT_THAT(ValidateCores(1, 1'000), IsOk());
  EXPECT_THAT(ValidateCores(1, 1'000'000), IsOk());
  for (const uint64_t period : {0ul, 999ul, 1'000'001ul}) {
    EXPECT_THAT(ValidateCores(1, period),
                StatusIs(kInvalid, HasSubstr("give 1000 to 1000000 us")));
  }
}

TEST(ValidateLimitsTest, RefusesAQuotaBelowOneMillisecondAndSaysWhatIsEnough) {
  EXPECT_THAT(ValidateCores(0.01), IsOk());
  EXPECT_THAT(ValidateCores(0.009),
              StatusIs(kInvalid, HasSubstr("give at least 0.01 ")));
  EXPECT_THAT(ValidateCores(0.009, 1'000'000), IsOk());
}

TEST(ValidateLimitsTest, RefusesMoreCoresThanTheSchedulerCounts) {
  EXPECT_THAT(ValidateCores(4096), IsOk());
  EXPECT_THAT(ValidateCores(1e12),
              StatusIs(kInvalid, HasSubstr("give \"max\"")));
}

TEST(ValidateLimitsTest, TakesNoSwapAndNoProtection) {
  ResourceLimits limits;
  limits.memory_swap_bytes = Bound::Of(0);
  limits.memory_low_bytes = 0;
  limits.memory_min_bytes = 0;
  EXPECT_THAT(ValidateLimits(limits), IsOk());
}

TEST(ValidateLimitsTest, RefusesMarksAboveTheMemoryLimit) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(65'536);
  limits.memory_high_bytes = Bound::Of(65'536);
  limits.memory_low_bytes = 65'536;
  limits.memory_min_bytes = 65'536;
  EXPECT_THAT(ValidateLimits(limits), IsOk());

  limits.memory_min_bytes = 65'537;
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, AllOf(HasSubstr("memory min of 65537"),
                                       HasSubstr("which is 65536"))));
  limits.memory_low_bytes = 65'537;
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("memory low of 65537")));
  limits.memory_high_bytes = Bound::Of(65'537);
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("memory high of 65537")));
  limits.memory_bytes = Bound::Unlimited();
  EXPECT_THAT(ValidateLimits(limits), IsOk());
}

TEST(ValidateLimitsTest, TakesAHighMarkFromOnePage) {
  ResourceLimits limits;
  limits.memory_high_bytes = Bound::Of(4095);
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("memory high of 4095 bytes")));
}

TEST(ValidateLimitsTest, TakesABurstUpToTheQuota) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.5, 100'000};
  limits.cpu_burst_usec = 50'000;
  EXPECT_THAT(ValidateLimits(limits), IsOk());

  limits.cpu_burst_usec = 50'001;
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("which is 50000 us")));
  limits.cpu_quota->cores.reset();
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("give a CPU limit too")));
}

TEST(ValidateLimitsTest, RefusesSharesOfAnIdleTask) {
  ResourceLimits limits;
  limits.cpu_shares = 512;
  limits.cpu_idle = false;
  EXPECT_THAT(ValidateLimits(limits), IsOk());

  limits.cpu_idle = true;
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("an idle task has none")));
}

TEST(ValidateLimitsTest, TakesPidsFromOne) {
  EXPECT_THAT(ValidatePids(1), IsOk());
  EXPECT_THAT(ValidatePids(4'194'304), IsOk());
  EXPECT_THAT(ValidatePids(0), StatusIs(kInvalid, HasSubstr("pids")));
  EXPECT_THAT(ValidatePids(4'194'305),
              StatusIs(kInvalid, HasSubstr("give 1 to 4194304")));
}

}  // namespace
}  // namespace reeve
