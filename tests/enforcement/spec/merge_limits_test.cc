#include "enforcement/spec/merge_limits.h"

#include <sys/resource.h>

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

TEST(MergeLimitsTest, WhatIsNamedReplacesAndTheRestStays) {
  ResourceLimits limits;
  limits.cpu_shares = 512;
  limits.pids = Bound::Of(64);
  limits.nice = 5;
  ResourceLimits update;
  update.pids = Bound::Unlimited();
  update.oom_score_adj = 100;

  const ResourceLimits merged = MergeLimits(limits, update);

  EXPECT_THAT(merged.cpu_shares, Optional(512));
  EXPECT_THAT(merged.pids, Optional(Bound::Unlimited()));
  EXPECT_THAT(merged.nice, Optional(5));
  EXPECT_THAT(merged.oom_score_adj, Optional(100));
  EXPECT_FALSE(merged.scheduling.has_value());
}

TEST(MergeLimitsTest, NothingNamedChangesNothing) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(65'536);
  limits.memory_swap_bytes = Bound::Of(65'536);

  const ResourceLimits merged = MergeLimits(limits, {});

  EXPECT_EQ(merged.memory_bytes, limits.memory_bytes);
  EXPECT_EQ(merged.memory_swap_bytes, limits.memory_swap_bytes);
}

TEST(MergeLimitsTest, AMemoryLimitAloneTakesTheSwapLimitAway) {
  ResourceLimits limits;
  limits.memory_swap_bytes = Bound::Of(65'536);
  ResourceLimits update;
  update.memory_bytes = Bound::Of(65'536);

  EXPECT_EQ(MergeLimits(limits, update).memory_swap_bytes, std::nullopt);
  update.memory_swap_bytes = Bound::Of(4096);
  EXPECT_THAT(MergeLimits(limits, update).memory_swap_bytes,
              Optional(Bound::Of(4096)));
}

TEST(MergeLimitsTest, ATaskThatBecomesIdleLosesItsShares) {
  ResourceLimits limits;
  limits.cpu_shares = 512;
  ResourceLimits update;
  update.cpu_idle = false;
  EXPECT_THAT(MergeLimits(limits, update).cpu_shares, Optional(512));

  update.cpu_idle = true;
  EXPECT_EQ(MergeLimits(limits, update).cpu_shares, std::nullopt);
}

TEST(MergeLimitsTest, ACpusetAndReservedCpusExcludeEachOther) {
  ResourceLimits cpuset;
  cpuset.cpuset_cpus = "0-1";
  ResourceLimits reserved;
  reserved.reserved_cpus = 1;

  EXPECT_EQ(MergeLimits(cpuset, reserved).cpuset_cpus, std::nullopt);
  EXPECT_EQ(MergeLimits(reserved, cpuset).reserved_cpus, std::nullopt);
  ResourceLimits none_reserved;
  none_reserved.reserved_cpus = 0;
  EXPECT_EQ(MergeLimits(cpuset, none_reserved).cpuset_cpus, cpuset.cpuset_cpus);
}

TEST(MergeLimitsTest, EntriesOfListsAreReplacedOneByOne) {
  ResourceLimits limits;
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(10), Bound::Of(20)},
                    {RLIMIT_CORE, Bound::Of(0), Bound::Of(0)}};
  limits.hugetlb = {{"2MB", Bound::Of(0)}, {"1GB", Bound::Of(0)}};
  ResourceLimits update;
  update.rlimits = {{RLIMIT_NPROC, Bound::Of(5), Bound::Of(5)},
                    {RLIMIT_NOFILE, Bound::Of(30), Bound::Unlimited()}};
  update.hugetlb = {{"1GB", Bound::Unlimited()}};

  const ResourceLimits merged = MergeLimits(limits, update);

  EXPECT_THAT(merged.rlimits, ElementsAre(update.rlimits[1], limits.rlimits[1],
                                          update.rlimits[0]));
  ASSERT_EQ(merged.hugetlb.size(), 2u);
  EXPECT_EQ(merged.hugetlb[1].bytes, Bound::Unlimited());
}

TEST(MergeLimitsTest, OfADeviceOnlyWhatIsNamedIsReplaced) {
  ResourceLimits limits;
  limits.io_max = {{"8:0", Bound::Of(1), Bound::Of(2), {}, {}}};
  ResourceLimits update;
  update.io_max = {{"8:0", {}, Bound::Unlimited(), Bound::Of(3), {}},
                   {"8:16", Bound::Of(9), {}, {}, {}}};

  const ResourceLimits merged = MergeLimits(limits, update);

  ASSERT_EQ(merged.io_max.size(), 2u);
  EXPECT_THAT(merged.io_max[0].read_bps, Optional(Bound::Of(1)));
  EXPECT_THAT(merged.io_max[0].write_bps, Optional(Bound::Unlimited()));
  EXPECT_THAT(merged.io_max[0].read_iops, Optional(Bound::Of(3)));
  EXPECT_EQ(merged.io_max[0].write_iops, std::nullopt);
  EXPECT_EQ(merged.io_max[1].device, "8:16");
}

TEST(MergeLimitsTest, APeriodThatIsNotNamedStays) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.5, 50'000};
  ResourceLimits update;
  update.cpu_quota = CpuQuota{0.8};

  EXPECT_THAT(MergeLimits(limits, update).cpu_quota,
              Optional(CpuQuota{0.8, 50'000}));
  EXPECT_THAT(MergeLimits({}, update).cpu_quota, Optional(CpuQuota{0.8}));
  update.cpu_quota->period_usec = 20'000;
  EXPECT_THAT(MergeLimits(limits, update).cpu_quota,
              Optional(CpuQuota{0.8, 20'000}));
  update.cpu_quota = CpuQuota{};
  EXPECT_THAT(MergeLimits(limits, update).cpu_quota,
              Optional(CpuQuota{std::nullopt, 50'000}));
}

}  // namespace
}  // namespace reeve
