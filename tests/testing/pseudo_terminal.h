#ifndef REEVE_TESTS_TESTING_PSEUDO_TERMINAL_H_
#define REEVE_TESTS_TESTING_PSEUDO_TERMINAL_H_

#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "base/unique_fd.h"
#include "gtest/gtest.h"

namespace reeve {

// A terminal with nobody at it but the test, which types and reads what is
// shown. Thread-compatible.
class PseudoTerminal {
 public:
  explicit PseudoTerminal(uint16_t columns = 80, uint16_t rows = 24) {
    int master = -1;
    int program = -1;
    const winsize size = {rows, columns, 0, 0};
    EXPECT_EQ(openpty(&master, &program, nullptr, nullptr, &size), 0);
    master_.Reset(master);
    program_.Reset(program);
  }

  // What a program has for its terminal.
  int fd() const { return program_.get(); }

  void Type(absl::string_view keys) const {
    EXPECT_EQ(write(master_.get(), keys.data(), keys.size()),
              static_cast<ssize_t>(keys.size()));
  }

  // Waits until as many bytes were shown.
  std::string Shown(size_t size) const {
    std::string shown(size, '\0');
    size_t done = 0;
    while (done < size) {
      const ssize_t n = read(master_.get(), &shown[done], size - done);
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    shown.resize(done);
    return shown;
  }

  termios Mode() const {
    termios mode = {};
    EXPECT_EQ(tcgetattr(program_.get(), &mode), 0);
    return mode;
  }

  // Whether keys come one by one, as they are.
  bool IsRaw() const { return (Mode().c_lflag & (ICANON | ECHO | ISIG)) == 0; }

 private:
  UniqueFd master_;
  UniqueFd program_;
};

// Whether two modes are the same in all that a program can set.
inline bool SameMode(const termios& one, const termios& other) {
  return one.c_iflag == other.c_iflag && one.c_oflag == other.c_oflag &&
         one.c_cflag == other.c_cflag && one.c_lflag == other.c_lflag;
}

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_PSEUDO_TERMINAL_H_
