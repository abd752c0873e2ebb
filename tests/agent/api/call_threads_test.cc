#include "agent/api/call_threads.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kTimeout = absl::Seconds(60);

// Starts a call that may have to wait for the end of others: a thread counts
// until a moment after its call has returned.
absl::Status StartOnceThereIsRoom(CallThreads& threads,
                                  const std::function<void()>& call) {
  const absl::Time until = absl::Now() + kTimeout;
  absl::Status status = threads.Start(call);
  while (absl::IsResourceExhausted(status) && absl::Now() < until) {
    absl::SleepFor(absl::Milliseconds(1));
    status = threads.Start(call);
  }
  return status;
}

class CallThreadsTest : public ::testing::Test {
 protected:
  ~CallThreadsTest() override {
    if (!end_.HasBeenNotified()) end_.Notify();
    EXPECT_TRUE(AwaitEnd());
  }

  // A call that lasts until the test lets it end.
  std::function<void()> LastingCall() {
    ++running_;
    return [this] {
      end_.WaitForNotification();
      --running_;
    };
  }

  bool AwaitEnd() const {
    const absl::Time until = absl::Now() + kTimeout;
    while (running_ > 0 && absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    return running_ == 0;
  }

  std::atomic<int> running_{0};
  absl::Notification end_;
};

TEST_F(CallThreadsTest, CallsRunBesideEachOtherAndTheirStarter) {
  CallThreads threads("reeve-test", "calls");
  absl::Notification first;
  absl::Notification second;
  absl::BlockingCounter ended(2);

  // Each waits for the other.
  const absl::Status one = threads.Start([&] {
    first.Notify();
    second.WaitForNotification();
    ended.DecrementCount();
  });
  const absl::Status other = threads.Start([&] {
    first.WaitForNotification();
    second.Notify();
    ended.DecrementCount();
  });

  ASSERT_THAT(one, IsOk());
  ASSERT_THAT(other, IsOk());
  ended.Wait();
}

TEST_F(CallThreadsTest, OneMoreThanTheLimitIsRefusedAndDoesNotRun) {
  CallThreads threads("reeve-test", "calls");
  for (int i = 0; i < CallThreads::kMaxThreads; ++i) {
    ASSERT_THAT(threads.Start(LastingCall()), IsOk()) << i;
  }
  const auto held = std::make_shared<std::atomic<bool>>(false);

  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(
        threads.Start([held] { *held = true; }),
        StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("256")));
  }

  // Nor is it kept for later.
  EXPECT_EQ(held.use_count(), 1);
  end_.Notify();
  EXPECT_TRUE(AwaitEnd());
  EXPECT_FALSE(*held);
}

TEST_F(CallThreadsTest, CallsThatHaveEndedMakeRoomForAsMany) {
  CallThreads threads("reeve-test", "calls");
  for (int round = 0; round < 2; ++round) {
    absl::BlockingCounter ended(CallThreads::kMaxThreads);
    for (int i = 0; i < CallThreads::kMaxThreads; ++i) {
      ASSERT_THAT(
          StartOnceThereIsRoom(threads, [&ended] { ended.DecrementCount(); }),
          IsOk());
    }
    ended.Wait();
  }
  // Refusals have taken none of it.
  for (int i = 0; i < CallThreads::kMaxThreads; ++i) {
    const std::function<void()> call = LastingCall();
    ASSERT_THAT(StartOnceThereIsRoom(threads, call), IsOk());
  }
}

TEST_F(CallThreadsTest, TheLimitOfOneIsNotThatOfAnother) {
  CallThreads full("reeve-test", "calls");
  for (int i = 0; i < CallThreads::kMaxThreads; ++i) {
    ASSERT_THAT(full.Start(LastingCall()), IsOk());
  }
  CallThreads other("reeve-test", "others");
  absl::Notification done;

  EXPECT_THAT(other.Start([&done] { done.Notify(); }), IsOk());

  EXPECT_TRUE(done.WaitForNotificationWithTimeout(kTimeout));
}

TEST_F(CallThreadsTest, ACallMayOutliveThem) {
  std::optional<CallThreads> threads(std::in_place, "reeve-test", "calls");
  ASSERT_THAT(threads->Start(LastingCall()), IsOk());

  threads.reset();

  EXPECT_EQ(running_, 1);
  end_.Notify();
  EXPECT_TRUE(AwaitEnd());
}

}  // namespace
}  // namespace reeve
