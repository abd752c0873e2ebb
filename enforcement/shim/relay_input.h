#ifndef REEVE_ENFORCEMENT_SHIM_RELAY_INPUT_H_
#define REEVE_ENFORCEMENT_SHIM_RELAY_INPUT_H_

#include <stddef.h>

#include "enforcement/shim/plan_format.h"
#include "enforcement/shim/poll_set.h"

namespace reeve {

// The standard input of a task: the write end of its pipe, or the master of its
// terminal. Holds one chunk until the task has taken it. Thread-compatible.
class RelayInput {
 public:
  static constexpr size_t kCapacity = size_t{16} * 1024;

  // `fd` is non-blocking and stays open until the input ends; kNoFd if the task
  // has another. `buffer` has kCapacity bytes.
  RelayInput(int fd, bool is_terminal, char* buffer);

  bool is_open() const { return fd_ != kNoFd; }
  // Whether a chunk can be put into buffer().
  bool is_free() const { return is_open() && size_ == 0 && !closes_; }
  char* buffer() { return buffer_; }
  void Fill(size_t size);

  // The end, behind what it holds: closes a pipe. For a terminal that reads by
  // lines it is its VEOF character, twice within a line as the first only ends
  // the line; a terminal in raw mode has no end of input, and is left alone.
  void RequestClose() { closes_ = is_open(); }

  // Of a terminal.
  void Resize(unsigned short width, unsigned short height) const;

  void Register(PollSet& set) const;
  void Serve();

 private:
  void Close();
  void EndTerminal();

  int fd_;
  const bool is_terminal_;
  char* const buffer_;
  size_t size_ = 0;
  size_t done_ = 0;
  bool closes_ = false;
  bool is_within_line_ = false;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_RELAY_INPUT_H_
