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

absl::Status ValidateIoMax(const IoMax& io) {
  ResourceLimits limits;
  limits.io_max = {io};
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

// Whether the kernel can grant it depends on the period that there will be.
TEST(ValidateLimitsTest, WithoutAPeriodAQuotaNeedsOnlyBeANumber) {
  ResourceLimits limits;
  limits.cpu_burst_usec = 50'001;
  for (const double cores : {0.00001, 0.5, 1e9}) {
    limits.cpu_quota = CpuQuota{cores};
    EXPECT_THAT(ValidateLimits(limits), IsOk()) << cores;
  }
  for (const double cores : {0.0, -1.0, std::nan("")}) {
    limits.cpu_quota = CpuQuota{cores};
    EXPECT_THAT(ValidateLimits(limits),
                StatusIs(kInvalid, HasSubstr("give more than 0")));
  }
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

TEST(ValidateLimitsTest, ACpusetIsAList) {
  for (const char* list : {"", "0", "0-1,7"}) {
    ResourceLimits limits;
    limits.cpuset_cpus = list;
    limits.cpuset_mems = list;
    EXPECT_THAT(ValidateLimits(limits), IsOk());
  }
  ResourceLimits cpus;
  cpus.cpuset_cpus = "0-";
  EXPECT_THAT(ValidateLimits(cpus),
              StatusIs(kInvalid, AllOf(HasSubstr("cpuset of 0-"),
                                       HasSubstr("such as 0-2,7"))));
  ResourceLimits mems;
  mems.cpuset_mems = "x";
  EXPECT_THAT(ValidateLimits(mems),
              StatusIs(kInvalid, HasSubstr("memory nodes of x")));
}

TEST(ValidateLimitsTest, ReservedCpusAreChosenByTheAgent) {
  ResourceLimits limits;
  limits.reserved_cpus = 1;
  EXPECT_THAT(ValidateLimits(limits), IsOk());
  limits.cpuset_cpus = "0";
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("give one of them")));
  limits.reserved_cpus = 0;
  EXPECT_THAT(ValidateLimits(limits), IsOk());
}

TEST(ValidateLimitsTest, TakesIoWeightsFrom1To10000) {
  for (const uint32_t weight : {1u, 10'000u}) {
    ResourceLimits limits;
    limits.io_weight = weight;
    EXPECT_THAT(ValidateLimits(limits), IsOk());
  }
  for (const uint32_t weight : {0u, 10'001u}) {
    ResourceLimits limits;
    limits.io_weight = weight;
    EXPECT_THAT(ValidateLimits(limits),
                StatusIs(kInvalid, HasSubstr("1 to 10000")));
  }
}

TEST(ValidateLimitsTest, IoRatesAreOfADevice) {
  IoMax io;
  io.write_bps = Bound::Of(2);
  for (const char* device : {"8:0", "259:12", "/dev/sda"}) {
    io.device = device;
    EXPECT_THAT(ValidateIoMax(io), IsOk());
  }
  for (const char* device : {"", "sda", "8", "8:", ":0", "8:0:1", "8:x"}) {
    io.device = device;
    EXPECT_THAT(ValidateIoMax(io),
                StatusIs(kInvalid, HasSubstr("MAJOR:MINOR")));
  }
}

TEST(ValidateLimitsTest, IoRatesAreWithinTheKernelsNumbers) {
  IoMax io;
  io.device = "8:0";
  EXPECT_THAT(ValidateIoMax(io), StatusIs(kInvalid, HasSubstr("at least one")));
  io.read_iops = Bound::Of(4'294'967'294);
  io.read_bps = Bound::Unlimited();
  EXPECT_THAT(ValidateIoMax(io), IsOk());
  io.read_iops = Bound::Of(4'294'967'295);
  EXPECT_THAT(ValidateIoMax(io),
              StatusIs(kInvalid, HasSubstr("8:0: riops of 4294967295")));
  for (const uint64_t rate : {0u, 1u}) {
    io.read_iops = Bound::Of(rate);
    EXPECT_THAT(ValidateIoMax(io), StatusIs(kInvalid, HasSubstr("riops of")));
  }
}

TEST(ValidateLimitsTest, ADeviceAndAPageSizeAreNamedOnce) {
  ResourceLimits limits;
  IoMax io;
  io.device = "8:0";
  io.read_bps = Bound::Of(2);
  limits.io_max = {io, io};
  EXPECT_THAT(ValidateLimits(limits), StatusIs(kInvalid, HasSubstr("twice")));
  limits.io_max.clear();
  limits.hugetlb = {{"2MB", Bound::Of(0)}, {"2MB", Bound::Of(1)}};
  EXPECT_THAT(ValidateLimits(limits), StatusIs(kInvalid, HasSubstr("twice")));
}

TEST(ValidateLimitsTest, APageSizeIsWhatTheKernelCallsOne) {
  for (const char* size : {"64KB", "2MB", "1GB"}) {
    ResourceLimits limits;
    limits.hugetlb = {{size, Bound::Of(0)}};
    EXPECT_THAT(ValidateLimits(limits), IsOk());
  }
  for (const char* size : {"", "2M", "MB", "2MB.rsvd", "../2MB", "2 MB"}) {
    ResourceLimits limits;
    limits.hugetlb = {{size, Bound::Of(0)}};
    EXPECT_THAT(ValidateLimits(limits),
                StatusIs(kInvalid, HasSubstr("such as 2MB")));
  }
}

}  // namespace
}  // namespace reeve
