#include "agent/cli/raw_terminal.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.h"
#include "gtest/gtest.h"
#include "tests/testing/pseudo_terminal.h"

namespace reeve {
namespace {

TEST(RawTerminalTest, KeysComeAsTheyAreUntilItIsGone) {
  const PseudoTerminal terminal;
  ASSERT_FALSE(terminal.IsRaw());
  const termios before = terminal.Mode();
  {
    const RawTerminal raw(terminal.fd());

    EXPECT_TRUE(terminal.IsRaw());
    terminal.Type("\x03q");
    char keys[2] = {};
    EXPECT_EQ(read(terminal.fd(), keys, sizeof(keys)), 2);
    EXPECT_EQ(std::string(keys, 2), "\x03q");
  }
  EXPECT_TRUE(SameMode(terminal.Mode(), before));
}

TEST(RawTerminalTest, PutsBackWhatItFoundAndNotADefault) {
  const PseudoTerminal terminal;
  termios without_echo = terminal.Mode();
  without_echo.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ASSERT_EQ(tcsetattr(terminal.fd(), TCSANOW, &without_echo), 0);

  { const RawTerminal raw(terminal.fd()); }

  EXPECT_TRUE(SameMode(terminal.Mode(), without_echo));
}

TEST(RawTerminalTest, OneInAnotherLeavesTheTerminalAsItWas) {
  const PseudoTerminal terminal;
  const termios before = terminal.Mode();
  {
    const RawTerminal outer(terminal.fd());
    { const RawTerminal inner(terminal.fd()); }
    EXPECT_TRUE(terminal.IsRaw());
  }
  EXPECT_TRUE(SameMode(terminal.Mode(), before));
}

TEST(RawTerminalTest, WhatIsNoTerminalIsNotTouched) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  const UniqueFd write_end(ends[1]);
  {
    const RawTerminal pipe(read_end.get());
    const RawTerminal none(-1);
    ASSERT_EQ(write(write_end.get(), "\r\n", 2), 2);
  }
  char bytes[2] = {};
  EXPECT_EQ(read(read_end.get(), bytes, sizeof(bytes)), 2);
  EXPECT_EQ(std::string(bytes, 2), "\r\n");
}

}  // namespace
}  // namespace reeve
