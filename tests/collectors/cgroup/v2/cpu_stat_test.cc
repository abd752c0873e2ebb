#include "collectors/cgroup/v2/cpu_stat.h"

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;

// All that the kernel prints while the cpu controller is off.
constexpr char kBaseKeys[] =
    "usage_usec 1500\n"
    "user_usec 1000\n"
    "system_usec 500\n"
    "nice_usec 0\n";

TEST(ParseCpuStatV2Test, TakesUsageAndThrottling) {
  const auto stat = ParseCpuStatV2(std::string(kBaseKeys) +
                                   "core_sched.force_idle_usec 0\n"
                                   "nr_periods 120\n"
                                   "nr_throttled 7\n"
                                   "throttled_usec 345678\n"
                                   "nr_bursts 5\n"
                                   "burst_usec 6000\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->usage_usec, 1500u);
  EXPECT_EQ(stat->user_usec, 1000u);
  EXPECT_EQ(stat->system_usec, 500u);
  EXPECT_THAT(stat->nr_periods, Optional(120u));
  EXPECT_THAT(stat->nr_throttled, Optional(7u));
  EXPECT_THAT(stat->throttled_usec, Optional(345'678u));
  EXPECT_THAT(stat->nr_bursts, Optional(5u));
  EXPECT_THAT(stat->burst_usec, Optional(6000u));
}

TEST(ParseCpuStatV2Test, ThrottlingIsAbsentNotZeroWithoutTheController) {
  const auto stat = ParseCpuStatV2(kBaseKeys);

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->nr_periods, std::nullopt);
  EXPECT_EQ(stat->nr_throttled, std::nullopt);
  EXPECT_EQ(stat->throttled_usec, std::nullopt);
  EXPECT_EQ(stat->burst_usec, std::nullopt);
}

TEST(ParseCpuStatV2Test, RefusesMalformedContents) {
  for (const char* contents :
       {"", "usage_usec\n", "usage_usec x\n", "usage_usec -1\n",
        "user_usec 1\nsystem_usec 1\n",
        "usage_usec 1\nuser_usec 1\nsystem_usec 1\nnr_periods ?\n",
        "usage_usec 1\r\nuser_usec 1\r\nsystem_usec 1\r\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseCpuStatV2(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
