#ifndef REEVE_AGENT_CLI_TERMINAL_RELAY_H_
#define REEVE_AGENT_CLI_TERMINAL_RELAY_H_

#include <thread>

#include "absl/status/status.h"
#include "base/unique_fd.h"

namespace reeve {

// A terminal for a command, copied to and from the streams of this process on a
// thread: bytes both ways, and the size when that changes (SIGWINCH, which must
// be blocked in every thread). Thread-compatible.
class TerminalRelay {
 public:
  // Makes the terminal, as large as the one behind `input_fd` if that is one.
  // The descriptors are borrowed.
  absl::Status Open(int input_fd, int output_fd);
  ~TerminalRelay();

  // The command's side; to be closed here once it was handed over, since the
  // relay goes on until nobody has it open.
  UniqueFd& of_command() { return of_command_; }

  void Start();
  // Copies what the terminal still holds, and ends.
  void Finish();

 private:
  void Run();
  bool CopyInput();
  bool CopyOutput();
  void Resize() const;

  int input_fd_ = -1;
  int output_fd_ = -1;
  UniqueFd master_;
  UniqueFd of_command_;
  UniqueFd resized_;
  UniqueFd finish_;
  std::thread thread_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TERMINAL_RELAY_H_
