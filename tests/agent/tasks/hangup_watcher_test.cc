#include "agent/tasks/hangup_watcher.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

Pipe MakePipe() {
  int fds[2];
  EXPECT_EQ(pipe2(fds, O_CLOEXEC), 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

TEST(HangupWatcherTest, ReportsWhenTheLastWriterIsGone) {
  HangupWatcher watcher;
  ASSERT_THAT(watcher.Start(), IsOk());
  Pipe pipe = MakePipe();
  absl::Notification gone;
  ASSERT_THAT(watcher.Watch(std::move(pipe.read_end), [&] { gone.Notify(); }),
              IsOk());
  EXPECT_FALSE(gone.WaitForNotificationWithTimeout(absl::Milliseconds(50)));

  pipe.write_end.Reset();

  EXPECT_TRUE(gone.WaitForNotificationWithTimeout(absl::Seconds(5)));
}

TEST(HangupWatcherTest, ReportsWhatHadHungUpBefore) {
  HangupWatcher watcher;
  ASSERT_THAT(watcher.Start(), IsOk());
  Pipe pipe = MakePipe();
  pipe.write_end.Reset();
  absl::Notification gone;

  ASSERT_THAT(watcher.Watch(std::move(pipe.read_end), [&] { gone.Notify(); }),
              IsOk());

  EXPECT_TRUE(gone.WaitForNotificationWithTimeout(absl::Seconds(5)));
}

TEST(HangupWatcherTest, ReportsEachOfManyOnce) {
  constexpr int kPipes = 100;
  HangupWatcher watcher;
  ASSERT_THAT(watcher.Start(), IsOk());
  absl::BlockingCounter left(kPipes);
  std::atomic<int> calls{0};

  for (int i = 0; i < kPipes; ++i) {
    Pipe pipe = MakePipe();
    ASSERT_THAT(watcher.Watch(std::move(pipe.read_end),
                              [&] {
                                ++calls;
                                left.DecrementCount();
                              }),
                IsOk());
  }

  left.Wait();
  watcher.Stop();
  EXPECT_EQ(calls, kPipes);
}

TEST(HangupWatcherTest, ACallbackMayWatchAnother) {
  HangupWatcher watcher;
  ASSERT_THAT(watcher.Start(), IsOk());
  Pipe first = MakePipe();
  Pipe second = MakePipe();
  absl::Notification gone;
  ASSERT_THAT(watcher.Watch(std::move(first.read_end),
                            [&] {
                              (void)watcher.Watch(std::move(second.read_end),
                                                  [&] { gone.Notify(); });
                            }),
              IsOk());

  first.write_end.Reset();
  second.write_end.Reset();

  EXPECT_TRUE(gone.WaitForNotificationWithTimeout(absl::Seconds(5)));
}

TEST(HangupWatcherTest, StopClosesWhatIsWatchedWithoutACall) {
  Pipe pipe = MakePipe();
  bool called = false;
  {
    HangupWatcher watcher;
    ASSERT_THAT(watcher.Start(), IsOk());
    ASSERT_THAT(watcher.Watch(std::move(pipe.read_end), [&] { called = true; }),
                IsOk());
    watcher.Stop();
  }

  EXPECT_FALSE(called);
  EXPECT_EQ(fcntl(pipe.read_end.get(), F_GETFD), -1);
}

TEST(HangsUpTest, IsToldOfAHangUpButNotOfWhatIsWritten) {
  Pipe pipe = MakePipe();
  EXPECT_FALSE(HangsUp(pipe.read_end, absl::ZeroDuration()));
  ASSERT_EQ(write(pipe.write_end.get(), "x", 1), 1);
  EXPECT_FALSE(HangsUp(pipe.read_end, absl::Milliseconds(1)));

  std::thread later([&pipe] {
    absl::SleepFor(absl::Milliseconds(20));
    pipe.write_end.Reset();
  });

  EXPECT_TRUE(HangsUp(pipe.read_end, absl::Seconds(60)));
  later.join();
}

}  // namespace
}  // namespace reeve
