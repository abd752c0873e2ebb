#include "agent/events/event_feed.h"

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

class EventFeedTest : public ::testing::Test {
 protected:
  void Append() { log_.Append({EventType::kCreated, "t", ""}); }

  FakeClock clock_;
  EventLog log_{clock_};
};

TEST_F(EventFeedTest, EverySubscriberIsToldOfNews) {
  EventFeed feed(log_);
  absl::Notification first;
  absl::Notification second;
  const auto notify = [this](absl::Notification* told) {
    return [this, told] {
      if (log_.last_sequence() == 1 && !told->HasBeenNotified()) told->Notify();
    };
  };
  ASSERT_THAT(feed.Subscribe(notify(&first)), IsOk());
  ASSERT_THAT(feed.Subscribe(notify(&second)), IsOk());

  Append();

  EXPECT_TRUE(first.WaitForNotificationWithTimeout(absl::Seconds(30)));
  EXPECT_TRUE(second.WaitForNotificationWithTimeout(absl::Seconds(30)));
  feed.Stop();
}

TEST_F(EventFeedTest, WhoUnsubscribedIsNotCalledAnyMore) {
  EventFeed feed(log_);
  std::atomic<int> calls{0};
  const auto gone = feed.Subscribe([&calls] { ++calls; });
  ASSERT_THAT(gone, IsOk());
  feed.Unsubscribe(*gone);
  const int calls_then = calls;
  absl::Notification told;
  ASSERT_THAT(feed.Subscribe([this, &told] {
    if (log_.last_sequence() == 1 && !told.HasBeenNotified()) told.Notify();
  }),
              IsOk());

  Append();

  ASSERT_TRUE(told.WaitForNotificationWithTimeout(absl::Seconds(30)));
  EXPECT_EQ(calls, calls_then);
  feed.Stop();
}

TEST_F(EventFeedTest, TheEndIsToldAndNobodySubscribesAfterIt) {
  EventFeed feed(log_);
  std::atomic<bool> saw_end{false};
  ASSERT_THAT(feed.Subscribe([this, &saw_end] {
    if (log_.ReadAfter(0, 1).is_last) saw_end = true;
  }),
              IsOk());

  feed.Stop();

  EXPECT_TRUE(saw_end);
  EXPECT_THAT(feed.Subscribe([] {}), StatusIs(absl::StatusCode::kUnavailable,
                                              ::testing::HasSubstr("ending")));
}

TEST_F(EventFeedTest, SubscribersAreBounded) {
  EventFeed feed(log_, /*max_subscribers=*/1);
  const auto only = feed.Subscribe([] {});
  ASSERT_THAT(only, IsOk());

  EXPECT_THAT(feed.Subscribe([] {}),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       ::testing::HasSubstr("1 others already")));
  feed.Unsubscribe(*only);
  EXPECT_THAT(feed.Subscribe([] {}), IsOk());
}

TEST_F(EventFeedTest, WhoIsToldOfTheEndIsAwaitedUntilItUnsubscribes) {
  EventFeed feed(log_);
  const auto key = feed.Subscribe([] {});
  ASSERT_THAT(key, IsOk());
  feed.Stop();
  EXPECT_FALSE(feed.AwaitNoSubscribers(absl::InfinitePast()));
  std::atomic<bool> has_unsubscribed{false};
  std::thread subscriber([&] {
    has_unsubscribed = true;
    feed.Unsubscribe(*key);
  });

  EXPECT_TRUE(feed.AwaitNoSubscribers(absl::InfiniteFuture()));

  EXPECT_TRUE(has_unsubscribed);
  subscriber.join();
  EXPECT_TRUE(feed.AwaitNoSubscribers(absl::InfinitePast()));
}

}  // namespace
}  // namespace reeve
