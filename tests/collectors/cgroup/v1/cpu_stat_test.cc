#include "collectors/cgroup/v1/cpu_stat.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;

TEST(ParseCpuStatV1Test, TakesPeriodsAndNanoseconds) {
  const auto stat = ParseCpuStatV1(
      "nr_periods 120\n"
      "nr_throttled 7\n"
      "throttled_time 345678901\n"
      "nr_bursts 5\n"
      "burst_time 6000\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->nr_periods, 120u);
  EXPECT_EQ(stat->nr_throttled, 7u);
  EXPECT_EQ(stat->throttled_time, 345'678'901u);
  EXPECT_THAT(stat->nr_bursts, Optional(5u));
  EXPECT_THAT(stat->burst_time, Optional(6000u));
}

// As before Linux 5.14.
TEST(ParseCpuStatV1Test, OldKernelsHaveNoBursts) {
  const auto stat =
      ParseCpuStatV1("nr_periods 1\nnr_throttled 0\nthrottled_time 0\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->nr_bursts, std::nullopt);
}

TEST(ParseCpuStatV1Test, RefusesMalformedContents) {
  for (const char* contents :
       {"", "\n", "nr_periods 1\n", "nr_periods 1\nnr_throttled 1\n",
        "nr_periods x\nnr_throttled 1\nthrottled_time 1\n",
        "nr_periods 1\nnr_throttled 1\nthrottled_time -1\n",
        "nr_periods1\nnr_throttled 1\nthrottled_time 1\n",
        "nr_periods 1 nr_throttled 1 throttled_time 1\n",
        "nr_periods 1\nnr_throttled 1\nthrottled_usec 1\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseCpuStatV1(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
