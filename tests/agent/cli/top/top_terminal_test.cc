#include "agent/cli/top/top_terminal.h"

#include <csignal>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/pseudo_terminal.h"

namespace reeve {
namespace {

using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr char kEnter[] = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr char kLeave[] = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

// Long for a test, so that it does not depend on how fast the machine is.
constexpr absl::Duration kLong = absl::Minutes(1);

class TopTerminalTest : public ::testing::Test {
 protected:
  PseudoTerminal pty_{100, 30};
  TopSignals signals_;
};

TEST_F(TopTerminalTest, LeavesTheTerminalAsItWas) {
  const termios before = pty_.Mode();
  {
    const TopTerminal terminal(pty_.fd(), pty_.fd(), signals_);
    EXPECT_EQ(pty_.Shown(sizeof(kEnter) - 1), kEnter);
    EXPECT_EQ(pty_.Mode().c_lflag & (ICANON | ECHO), 0);
    EXPECT_NE(pty_.Mode().c_lflag & ISIG, 0);
  }
  EXPECT_EQ(pty_.Shown(sizeof(kLeave) - 1), kLeave);
  EXPECT_TRUE(SameMode(pty_.Mode(), before));
}

TEST_F(TopTerminalTest, KnowsItsSize) {
  const TopTerminal terminal(pty_.fd(), pty_.fd(), signals_);

  EXPECT_EQ(terminal.size().columns, 100);
  EXPECT_EQ(terminal.size().lines, 30);
}

TEST_F(TopTerminalTest, KeysComeAsTheyAreTyped) {
  TopTerminal terminal(pty_.fd(), pty_.fd(), signals_);
  pty_.Type("q\x1b[A");

  const TopTerminal::Input input = terminal.Wait(kLong);

  ASSERT_THAT(input.keys, SizeIs(2));
  EXPECT_TRUE(input.keys[0].Is("q"));
  EXPECT_EQ(input.keys[1].kind, Key::Kind::kUp);
}

TEST_F(TopTerminalTest, EscAloneComesWhenNothingFollows) {
  TopTerminal terminal(pty_.fd(), pty_.fd(), signals_);
  pty_.Type("\x1b");

  EXPECT_THAT(terminal.Wait(kLong).keys, IsEmpty());
  const TopTerminal::Input input = terminal.Wait(kLong);

  ASSERT_THAT(input.keys, SizeIs(1));
  EXPECT_EQ(input.keys[0].kind, Key::Kind::kEscape);
}

TEST_F(TopTerminalTest, TellsOfSignals) {
  TopTerminal terminal(pty_.fd(), pty_.fd(), signals_);
  raise(SIGWINCH);
  EXPECT_TRUE(terminal.Wait(kLong).redraw);
  raise(SIGTERM);
  EXPECT_THAT(terminal.Wait(kLong).end, Optional(SIGTERM));
}

TEST_F(TopTerminalTest, AfterAStopTheScreenIsTakenAnew) {
  TopTerminal terminal(pty_.fd(), pty_.fd(), signals_);
  (void)pty_.Shown(sizeof(kEnter) - 1);
  raise(SIGCONT);

  EXPECT_TRUE(terminal.Wait(kLong).redraw);

  EXPECT_EQ(pty_.Shown(sizeof(kLeave) - 1), kLeave);
  EXPECT_EQ(pty_.Shown(sizeof(kEnter) - 1), kEnter);
}

TEST_F(TopTerminalTest, NothingIsAnAnswerToo) {
  TopTerminal terminal(pty_.fd(), pty_.fd(), signals_);

  const TopTerminal::Input input = terminal.Wait(absl::Milliseconds(1));

  EXPECT_THAT(input.keys, IsEmpty());
  EXPECT_FALSE(input.end.has_value());
  EXPECT_FALSE(input.redraw);
}

TEST(TopSignalsTest, SignalsDoWhatTheyDidOnceItIsGone) {
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    TopSignals signals;
    raise(SIGTERM);
    EXPECT_THAT(signals.Take(), Optional(SIGTERM));
    raise(SIGINT);
  }
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  EXPECT_EQ(sigismember(&after, SIGINT), sigismember(&before, SIGINT));
}

}  // namespace
}  // namespace reeve
