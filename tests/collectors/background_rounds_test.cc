#include "collectors/background_rounds.h"

#include <atomic>
#include <memory>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/system_clock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

constexpr absl::Duration kLong = absl::Seconds(60);

// Counts its rounds; the first ones wait until they are let go.
class CountingCollector final : public BackgroundCollector {
 public:
  explicit CountingCollector(int hanging_rounds = 0)
      : hanging_rounds_(hanging_rounds) {}

  absl::string_view name() const override { return "counting"; }

  void Collect() override {
    ++begun_;
    if (!reached_.HasBeenNotified()) reached_.Notify();
    if (begun_ <= hanging_rounds_) released_.WaitForNotification();
    ++ended_;
  }

  // Some round has begun.
  void AwaitRound() {
    ASSERT_TRUE(reached_.WaitForNotificationWithTimeout(kLong));
  }
  void Release() { released_.Notify(); }
  int begun() const { return begun_; }
  int ended() const { return ended_; }

 private:
  const int hanging_rounds_;
  std::atomic<int> begun_{0};
  std::atomic<int> ended_{0};
  absl::Notification reached_;
  absl::Notification released_;
};

void AwaitRounds(const BackgroundRounds& rounds, uint64_t count) {
  const absl::Time deadline = absl::Now() + kLong;
  while (rounds.Rounds().rounds < count && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  ASSERT_GE(rounds.Rounds().rounds, count);
}

TEST(BackgroundRoundsTest, MeasuresAtOnceAndAgain) {
  const SystemClock clock;
  const auto collector = std::make_shared<CountingCollector>();
  BackgroundRounds rounds(collector, absl::Milliseconds(1), clock);

  rounds.Start();
  AwaitRounds(rounds, 3);

  EXPECT_EQ(rounds.Rounds().collector, "counting");
  EXPECT_GT(rounds.Rounds().duration, absl::ZeroDuration());
  EXPECT_GT(rounds.Rounds().cpu_time, absl::ZeroDuration());
}

TEST(BackgroundRoundsTest, NoRoundBeginsAfterStop) {
  const SystemClock clock;
  const auto collector = std::make_shared<CountingCollector>();
  BackgroundRounds rounds(collector, absl::Milliseconds(1), clock);
  rounds.Start();
  collector->AwaitRound();

  rounds.Stop();

  const int begun = collector->begun();
  absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(collector->begun(), begun);
  EXPECT_EQ(collector->ended(), begun);
}

TEST(BackgroundRoundsTest, AgeGrowsWhileARoundHangs) {
  const SystemClock clock;
  const auto collector = std::make_shared<CountingCollector>(1);
  BackgroundRounds rounds(collector, absl::Milliseconds(1), clock);
  rounds.Start();
  collector->AwaitRound();

  absl::SleepFor(absl::Milliseconds(20));

  EXPECT_EQ(rounds.Rounds().rounds, 0);
  EXPECT_GE(rounds.Rounds().age, absl::Milliseconds(20));
  collector->Release();
  AwaitRounds(rounds, 2);
  // Its time had come, but it could not be.
  EXPECT_GE(rounds.Rounds().missed, 1);
}

TEST(BackgroundRoundsTest, StopLeavesARoundBehindThatHangs) {
  const SystemClock clock;
  auto collector = std::make_shared<CountingCollector>(1);
  const std::weak_ptr<CountingCollector> watched = collector;
  {
    BackgroundRounds rounds(collector, absl::Milliseconds(1), clock);
    rounds.Start();
    collector->AwaitRound();
    const absl::Time began = absl::Now();

    rounds.Stop();

    EXPECT_GE(absl::Now() - began, BackgroundRounds::kPatience);
    EXPECT_EQ(collector->ended(), 0);
  }
  // What hangs keeps the collector, which is released with its thread.
  collector->Release();
  collector.reset();
  const absl::Time deadline = absl::Now() + kLong;
  while (!watched.expired() && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace reeve
