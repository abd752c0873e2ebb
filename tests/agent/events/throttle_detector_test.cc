#include "agent/events/throttle_detector.h"

#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

// Feeds rounds of ten periods, one a second.
class Rounds {
 public:
  Rounds() { (void)detector_.Observe(counters_); }

  // What a round with that many throttled periods shows: "+", "-" or ".".
  char Next(uint64_t throttled, uint64_t periods = 10) {
    counters_.periods += periods;
    counters_.throttled_periods += throttled;
    counters_.taken_at += absl::Seconds(1);
    last_ = detector_.Observe(counters_);
    if (!last_.has_value()) return '.';
    return last_->is_throttled ? '+' : '-';
  }

  std::string Next(std::initializer_list<uint64_t> rounds) {
    std::string changes;
    for (const uint64_t throttled : rounds) changes += Next(throttled);
    return changes;
  }

  double ratio() const { return last_->ratio; }
  ThrottleDetector& detector() { return detector_; }
  ThrottleDetector::Counters& counters() { return counters_; }

 private:
  ThrottleDetector detector_;
  ThrottleDetector::Counters counters_{100, 50, absl::Hours(1)};
  std::optional<ThrottleDetector::Change> last_;
};

TEST(ThrottleDetectorTest, BeginsWithTheFirstRoundOfAQuarter) {
  Rounds rounds;
  EXPECT_EQ(rounds.Next({0, 2, 3, 9, 10}), "..+..");
}

TEST(ThrottleDetectorTest, TellsTheRatioOfTheRound) {
  Rounds rounds;
  ASSERT_EQ(rounds.Next(4), '+');
  EXPECT_DOUBLE_EQ(rounds.ratio(), 0.4);
}

TEST(ThrottleDetectorTest, WhatWasBeforeTheFirstSampleCountsForNothing) {
  ThrottleDetector detector;
  EXPECT_FALSE(detector.Observe({1000, 1000, absl::Seconds(1)}).has_value());
  EXPECT_FALSE(detector.Observe({1010, 1000, absl::Seconds(2)}).has_value());
}

TEST(ThrottleDetectorTest, CeasesWithTheThirdCalmRoundInARow) {
  Rounds rounds;
  EXPECT_EQ(rounds.Next({9, 0, 0, 9, 0, 0, 2, 0}), "+.....-.");
}

TEST(ThrottleDetectorTest, ARoundWithoutPeriodsIsCalm) {
  Rounds rounds;
  ASSERT_EQ(rounds.Next(9), '+');
  EXPECT_EQ(rounds.Next(0, 0), '.');
  EXPECT_EQ(rounds.Next(0, 0), '.');
  EXPECT_EQ(rounds.Next(0, 0), '-');
}

TEST(ThrottleDetectorTest, BeginsAgainAfterFiveSecondsAtTheEarliest) {
  Rounds rounds;
  // Seconds      1  2  3  4  5  6
  EXPECT_EQ(rounds.Next({9, 0, 0, 0, 9, 9}), "+..-.+");
}

TEST(ThrottleDetectorTest, ASampleThatWasSeenIsNoRound) {
  Rounds rounds;
  ASSERT_EQ(rounds.Next(9), '+');
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(rounds.detector().Observe(rounds.counters()).has_value());
  }
}

TEST(ThrottleDetectorTest, CountersThatWentBackBeginAnew) {
  Rounds rounds;
  rounds.counters() = {0, 0, absl::Hours(2)};
  EXPECT_FALSE(rounds.detector().Observe(rounds.counters()).has_value());
  EXPECT_EQ(rounds.Next({9}), "+");
}

}  // namespace
}  // namespace reeve
