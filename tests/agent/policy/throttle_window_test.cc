#include "agent/policy/throttle_window.h"

#include <optional>

#include "gtest/gtest.h"

namespace reeve {
namespace {

ThrottleWindow::Counters At(int second, uint64_t periods, uint64_t throttled) {
  return {periods, throttled, absl::Seconds(second)};
}

TEST(ThrottleWindowTest, JudgesOnceThereAreEnoughPeriods) {
  ThrottleWindow window(4, absl::Seconds(30));

  EXPECT_FALSE(window.Observe(At(1, 100, 50)).has_value());
  EXPECT_FALSE(window.Observe(At(2, 102, 52)).has_value());
  const std::optional<ThrottleWindow::Finding> finding =
      window.Observe(At(3, 104, 53));
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->ratio, 0.75);
  EXPECT_EQ(finding->began, absl::Seconds(1));
  // The next window begins where that one ended.
  EXPECT_EQ(window.Observe(At(4, 108, 53))->began, absl::Seconds(3));
}

TEST(ThrottleWindowTest, AfterItsPatienceATaskWithFewPeriodsIsNotThrottled) {
  ThrottleWindow window(4, absl::Seconds(3));

  EXPECT_FALSE(window.Observe(At(1, 0, 0)).has_value());
  EXPECT_FALSE(window.Observe(At(2, 1, 1)).has_value());
  EXPECT_EQ(window.Observe(At(4, 2, 2))->ratio, 0);
}

TEST(ThrottleWindowTest, ASampleThatWasSeenSaysNothing) {
  ThrottleWindow window(1, absl::Seconds(30));

  EXPECT_FALSE(window.Observe(At(1, 0, 0)).has_value());
  EXPECT_FALSE(window.Observe(At(1, 0, 0)).has_value());
  EXPECT_TRUE(window.Observe(At(2, 1, 1)).has_value());
  EXPECT_FALSE(window.Observe(At(2, 1, 1)).has_value());
}

TEST(ThrottleWindowTest, CountersThatWentBackBeginAnew) {
  ThrottleWindow window(1, absl::Seconds(30));

  EXPECT_FALSE(window.Observe(At(1, 10, 10)).has_value());
  EXPECT_FALSE(window.Observe(At(2, 5, 5)).has_value());
  EXPECT_EQ(window.Observe(At(3, 9, 6))->ratio, 0.25);
}

TEST(ThrottleWindowTest, ResetForgetsWhereItBegan) {
  ThrottleWindow window(1, absl::Seconds(30));
  EXPECT_FALSE(window.Observe(At(1, 0, 0)).has_value());
  window.Reset();

  EXPECT_FALSE(window.Observe(At(2, 5, 5)).has_value());
  EXPECT_EQ(window.Observe(At(3, 6, 5))->ratio, 0);
}

}  // namespace
}  // namespace reeve
