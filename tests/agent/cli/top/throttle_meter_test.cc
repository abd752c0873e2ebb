#include "agent/cli/top/throttle_meter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::Eq;
using ::testing::Optional;

v1::Usage UsageAt(int64_t seconds, uint64_t periods, uint64_t throttled) {
  v1::Usage usage;
  usage.mutable_taken_at()->set_seconds(seconds);
  usage.set_cpu_periods(periods);
  usage.set_cpu_throttled_periods(throttled);
  return usage;
}

TEST(ThrottleMeterTest, FirstTellsOfTheWholeLifeThenOfTheTimeSince) {
  ThrottleMeter meter;
  meter.BeginRound();
  EXPECT_THAT(meter.PercentOf("web", UsageAt(1, 100, 50)),
              Optional(DoubleEq(50)));
  meter.EndRound();
  meter.BeginRound();
  EXPECT_THAT(meter.PercentOf("web", UsageAt(2, 110, 59)),
              Optional(DoubleEq(90)));
  meter.EndRound();
  meter.BeginRound();
  EXPECT_THAT(meter.PercentOf("web", UsageAt(3, 110, 59)),
              Optional(DoubleEq(0)))
      << "it did not run";
}

TEST(ThrottleMeterTest, ASampleThatWasSeenSaysWhatItSaid) {
  ThrottleMeter meter;
  meter.BeginRound();
  (void)meter.PercentOf("web", UsageAt(1, 100, 0));
  (void)meter.PercentOf("web", UsageAt(2, 110, 5));

  EXPECT_THAT(meter.PercentOf("web", UsageAt(2, 110, 5)),
              Optional(DoubleEq(50)));
  EXPECT_THAT(meter.PercentOf("web", UsageAt(2, 110, 5)),
              Optional(DoubleEq(50)));
}

TEST(ThrottleMeterTest, WithoutALimitThereIsNone) {
  ThrottleMeter meter;
  meter.BeginRound();

  EXPECT_THAT(meter.PercentOf("web", v1::Usage()), Eq(std::nullopt));
  EXPECT_THAT(meter.PercentOf("web", UsageAt(1, 0, 0)), Eq(std::nullopt));
}

TEST(ThrottleMeterTest, AnotherTaskOfTheNameBeginsAnew) {
  ThrottleMeter meter;
  meter.BeginRound();
  (void)meter.PercentOf("web", UsageAt(1, 100, 100));

  EXPECT_THAT(meter.PercentOf("web", UsageAt(2, 10, 1)),
              Optional(DoubleEq(10)));
}

TEST(ThrottleMeterTest, WhatIsGoneIsForgotten) {
  ThrottleMeter meter;
  meter.BeginRound();
  (void)meter.PercentOf("web", UsageAt(1, 10, 10));
  meter.EndRound();
  meter.BeginRound();
  meter.EndRound();
  meter.BeginRound();

  EXPECT_THAT(meter.PercentOf("web", UsageAt(3, 20, 10)),
              Optional(DoubleEq(50)));
}

}  // namespace
}  // namespace reeve
