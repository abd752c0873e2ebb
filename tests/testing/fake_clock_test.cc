#include "tests/testing/fake_clock.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(FakeClockTest, MovesOnlyWhenTold) {
  FakeClock clock;
  const absl::Time wall = clock.WallNow();
  const absl::Duration monotonic = clock.MonotonicNow();

  clock.Advance(absl::Seconds(2));

  EXPECT_EQ(clock.WallNow() - wall, absl::Seconds(2));
  EXPECT_EQ(clock.MonotonicNow() - monotonic, absl::Seconds(2));
}

TEST(FakeClockTest, WallClockStepsAlone) {
  FakeClock clock;
  const absl::Time wall = clock.WallNow();
  const absl::Duration monotonic = clock.MonotonicNow();

  clock.StepWallClock(-absl::Hours(1));

  EXPECT_EQ(clock.WallNow() - wall, -absl::Hours(1));
  EXPECT_EQ(clock.MonotonicNow(), monotonic);
}

}  // namespace
}  // namespace reeve
