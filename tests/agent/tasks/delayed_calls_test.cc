#include "agent/tasks/delayed_calls.h"

#include <memory>
#include <string>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

constexpr absl::Duration kLong = absl::Hours(1);

class DelayedCallsTest : public ::testing::Test {
 protected:
  void SetUp() override { calls_.Start(); }

  DelayedCalls calls_;
};

TEST_F(DelayedCallsTest, TheyAreMadeInTheOrderTheyAreDue) {
  std::string order;
  absl::Notification done;
  calls_.Schedule(kLong, [&] { order += "never"; });
  calls_.Schedule(absl::Milliseconds(60), [&] {
    order += "b";
    done.Notify();
  });
  calls_.Schedule(absl::Milliseconds(30), [&] { order += "a"; });

  ASSERT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20)));

  EXPECT_EQ(order, "ab");
}

TEST_F(DelayedCallsTest, ACallIsNotMadeBeforeItsTime) {
  const absl::Time began = absl::Now();
  absl::Notification done;
  calls_.Schedule(absl::Milliseconds(50), [&] { done.Notify(); });

  ASSERT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20)));

  EXPECT_GE(absl::Now() - began, absl::Milliseconds(50));
}

TEST_F(DelayedCallsTest, ACancelledCallIsNotMadeAndHoldsNothing) {
  const auto held = std::make_shared<int>(1);
  const uint64_t key = calls_.Schedule(kLong, [held] { FAIL(); });

  EXPECT_TRUE(calls_.Cancel(key));

  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(calls_.Cancel(key));
}

TEST_F(DelayedCallsTest, ACallThatWasMadeCannotBeCancelled) {
  absl::Notification done;
  const uint64_t key =
      calls_.Schedule(absl::ZeroDuration(), [&] { done.Notify(); });
  ASSERT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20)));

  EXPECT_FALSE(calls_.Cancel(key));
}

TEST_F(DelayedCallsTest, ACallMayScheduleAnother) {
  absl::Notification done;
  calls_.Schedule(absl::ZeroDuration(), [&] {
    calls_.Schedule(absl::ZeroDuration(), [&] { done.Notify(); });
  });

  EXPECT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST_F(DelayedCallsTest, CallsThatHangHoldUpNoOther) {
  absl::Notification over;
  absl::BlockingCounter hanging(DelayedCalls::kMaxThreads - 1);
  for (size_t i = 0; i + 1 < DelayedCalls::kMaxThreads; ++i) {
    calls_.Schedule(absl::ZeroDuration(), [&] {
      hanging.DecrementCount();
      over.WaitForNotification();
    });
  }
  hanging.Wait();
  absl::Notification done;

  calls_.Schedule(absl::ZeroDuration(), [&] { done.Notify(); });

  EXPECT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20)));
  over.Notify();
  // What the calls use is there until they have ended.
  calls_.Stop();
}

TEST_F(DelayedCallsTest, MoreThanThereAreThreadsForWait) {
  absl::Notification over;
  absl::BlockingCounter hanging(DelayedCalls::kMaxThreads);
  for (size_t i = 0; i < DelayedCalls::kMaxThreads; ++i) {
    calls_.Schedule(absl::ZeroDuration(), [&] {
      hanging.DecrementCount();
      over.WaitForNotification();
    });
  }
  hanging.Wait();
  absl::Notification done;
  calls_.Schedule(absl::ZeroDuration(), [&] { done.Notify(); });
  EXPECT_FALSE(done.WaitForNotificationWithTimeout(absl::Milliseconds(100)));

  over.Notify();

  EXPECT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20)));
  calls_.Stop();
}

TEST_F(DelayedCallsTest, NoneIsMadeAfterTheStop) {
  calls_.Schedule(kLong, [] { FAIL(); });

  calls_.Stop();

  calls_.Schedule(absl::ZeroDuration(), [] { FAIL(); });
}

}  // namespace
}  // namespace reeve
