#ifndef REEVE_AGENT_CLI_RAW_TERMINAL_H_
#define REEVE_AGENT_CLI_RAW_TERMINAL_H_

#include <termios.h>

#include <optional>

namespace reeve {

// Makes a terminal pass every key as it is, until it goes out of scope.
// Thread-compatible.
class RawTerminal {
 public:
  // Does nothing if `fd`, which is borrowed, is no terminal.
  explicit RawTerminal(int fd);
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

 private:
  const int fd_;
  std::optional<termios> before_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_RAW_TERMINAL_H_
