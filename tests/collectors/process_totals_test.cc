#include "collectors/process_totals.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::Optional;

TEST(SumOfTest, EveryProcessCounts) {
  ProcessSnapshot first;
  first.rss_bytes = 4096;
  first.swap_bytes = 1;
  first.threads = 2;
  first.cpu_user_ns = 7;
  first.cpu_system_ns = 5;
  first.cpu_percent = 50;
  first.cpu_user_percent = 30;
  first.cpu_system_percent = 20;
  ProcessSnapshot second = first;
  second.rss_bytes = 8192;

  const ProcessTotals totals = SumOf({first, second});

  EXPECT_EQ(totals.processes, 2u);
  EXPECT_EQ(totals.rss_bytes, 12'288u);
  EXPECT_EQ(totals.swap_bytes, 2u);
  EXPECT_EQ(totals.threads, 4u);
  EXPECT_EQ(totals.cpu_user_ns, 14u);
  EXPECT_EQ(totals.cpu_system_ns, 10u);
  EXPECT_THAT(totals.cpu_percent, Optional(DoubleEq(100)));
  EXPECT_THAT(totals.cpu_user_percent, Optional(DoubleEq(60)));
  EXPECT_THAT(totals.cpu_system_percent, Optional(DoubleEq(40)));
}

TEST(SumOfTest, ProcessWithoutAPercentageAddsNoneToTheOthers) {
  ProcessSnapshot old;
  old.cpu_percent = 12.5;

  EXPECT_THAT(SumOf({old, ProcessSnapshot()}).cpu_percent,
              Optional(DoubleEq(12.5)));
}

TEST(SumOfTest, NoPercentageIsNotZero) {
  EXPECT_EQ(SumOf({}).cpu_percent, std::nullopt);
  EXPECT_EQ(SumOf({ProcessSnapshot()}).cpu_percent, std::nullopt);
  EXPECT_EQ(SumOf({}).processes, 0u);
}

}  // namespace
}  // namespace reeve
