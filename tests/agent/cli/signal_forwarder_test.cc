#include "agent/cli/signal_forwarder.h"

#include <unistd.h>

#include <csignal>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(SignalForwarderTest, GivesSignalsToTheFunctionInPlaceOfTheProcess) {
  absl::Notification received;
  int signal = 0;
  SignalForwarder forwarder;
  forwarder.Start([&](int number) {
    signal = number;
    received.Notify();
  });

  kill(getpid(), SIGTERM);

  ASSERT_TRUE(received.WaitForNotificationWithTimeout(absl::Seconds(10)));
  forwarder.Stop();
  EXPECT_EQ(signal, SIGTERM);
}

TEST(SignalForwarderTest, KeepsSignalsThatComeBeforeTheStart) {
  absl::Notification received;
  SignalForwarder forwarder;
  kill(getpid(), SIGINT);

  forwarder.Start([&](int) { received.Notify(); });

  EXPECT_TRUE(received.WaitForNotificationWithTimeout(absl::Seconds(10)));
}

TEST(SignalForwarderTest, DropsSignalsThatNobodyTook) {
  {
    SignalForwarder forwarder;
    kill(getpid(), SIGHUP);
  }
  // Still alive.
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_FALSE(sigismember(&mask, SIGHUP));
}

TEST(SignalForwarderTest, AnIgnoredSignalStaysIgnored) {
  const auto previous = signal(SIGHUP, SIG_IGN);
  absl::Notification received;
  {
    SignalForwarder forwarder;
    forwarder.Start([&](int number) {
      if (number == SIGUSR1) received.Notify();
      EXPECT_NE(number, SIGHUP);
    });
    kill(getpid(), SIGHUP);
    kill(getpid(), SIGUSR1);
    EXPECT_TRUE(received.WaitForNotificationWithTimeout(absl::Seconds(10)));
  }
  signal(SIGHUP, previous);
}

}  // namespace
}  // namespace reeve
