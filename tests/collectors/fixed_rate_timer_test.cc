#include "collectors/fixed_rate_timer.h"

#include <optional>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/system_clock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(FixedRateTimerTest, FirstTickIsAtOnce) {
  FixedRateTimer timer(absl::Hours(1));

  const std::optional<FixedRateTimer::Tick> tick = timer.Wait();

  ASSERT_TRUE(tick.has_value());
  EXPECT_EQ(tick->missed, 0u);
}

TEST(FixedRateTimerTest, WorkBetweenTicksDoesNotStretchThem) {
  const SystemClock clock;
  FixedRateTimer timer(absl::Milliseconds(40));
  const absl::Duration began = clock.MonotonicNow();

  uint64_t ticks = 0;
  for (int i = 0; i < 5; ++i) {
    ticks += 1 + timer.Wait()->missed;
    absl::SleepFor(absl::Milliseconds(15));
  }

  // The last of `ticks` ticks, the first of which was at the start.
  const absl::Duration elapsed =
      clock.MonotonicNow() - began - absl::Milliseconds(15);
  EXPECT_GE(elapsed, absl::Milliseconds(40) * static_cast<double>(ticks - 1));
  EXPECT_LT(elapsed, absl::Milliseconds(40) * static_cast<double>(ticks));
}

TEST(FixedRateTimerTest, CountsTicksWhoseTimeHasPassed) {
  FixedRateTimer timer(absl::Milliseconds(20));
  timer.Wait();
  absl::SleepFor(absl::Milliseconds(70));

  const std::optional<FixedRateTimer::Tick> tick = timer.Wait();

  // Of the ticks at 20, 40 and 60 ms the first comes late and the others never.
  ASSERT_TRUE(tick.has_value());
  EXPECT_GE(tick->missed, 2u);
  EXPECT_GE(tick->late, absl::Milliseconds(50));
}

TEST(FixedRateTimerTest, StopEndsAWaitFromAnotherThread) {
  FixedRateTimer timer(absl::Hours(1));
  timer.Wait();
  std::thread stopper([&timer] { timer.Stop(); });

  EXPECT_FALSE(timer.Wait().has_value());
  stopper.join();
  EXPECT_FALSE(timer.Wait().has_value());
}

}  // namespace
}  // namespace reeve
