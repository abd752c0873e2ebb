#include "enforcement/cgroup/nested_quota.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

CpuQuota Quota(double cores, uint64_t period_usec = 100'000) {
  return {cores, period_usec};
}

TEST(IsAboveQuotaTest, QuotasAreComparedPerPeriod) {
  EXPECT_TRUE(IsAboveQuota(Quota(1), Quota(0.5)));
  EXPECT_FALSE(IsAboveQuota(Quota(0.5), Quota(0.5)));
  EXPECT_FALSE(IsAboveQuota(Quota(0.5), Quota(0.5, 10'000)));
  EXPECT_TRUE(IsAboveQuota(Quota(0.51, 10'000), Quota(0.5)));
}

TEST(IsAboveQuotaTest, WhatRoundsToTheSameQuotaIsTheSame) {
  EXPECT_FALSE(IsAboveQuota(Quota(0.500001), Quota(0.5)));
  EXPECT_TRUE(IsAboveQuota(Quota(0.50001), Quota(0.5)));
}

// A third of 50 ms is 16667 us, and a little more than that of 100 ms.
TEST(IsAboveQuotaTest, WithoutAPeriodItIsTheDefault) {
  EXPECT_FALSE(IsAboveQuota(CpuQuota{1.0 / 3}, Quota(1.0 / 3)));
  EXPECT_TRUE(IsAboveQuota(Quota(1.0 / 3, 50'000), CpuQuota{1.0 / 3}));
}

TEST(IsAboveQuotaTest, WithoutALimitNothingIsAbove) {
  EXPECT_FALSE(IsAboveQuota(CpuQuota(), Quota(0.5)));
  EXPECT_FALSE(IsAboveQuota(Quota(64), CpuQuota()));
}

TEST(QuotaInForceTest, IsThatOfTheLimitsInForce) {
  LimitValues limits;
  EXPECT_EQ(QuotaInForce(limits), std::nullopt);

  limits.cpu_cores = 0.25;
  limits.cpu_period_seconds = 0.05;
  const std::optional<CpuQuota> quota = QuotaInForce(limits);

  ASSERT_TRUE(quota.has_value());
  EXPECT_EQ(quota->cores, 0.25);
  EXPECT_EQ(quota->period_usec, 50'000u);
}

TEST(WithPeriodTest, WithoutOneItIsThatInForce) {
  LimitValues limits;
  limits.cpu_period_seconds = 0.05;

  EXPECT_EQ(WithPeriod(CpuQuota{0.5}, limits), Quota(0.5, 50'000));
  EXPECT_EQ(WithPeriod(Quota(0.5, 20'000), limits), Quota(0.5, 20'000));
  EXPECT_EQ(WithPeriod(CpuQuota{0.5}, {}), CpuQuota{0.5});
}

}  // namespace
}  // namespace reeve
