#ifndef REEVE_ENFORCEMENT_SHIM_ROTATING_LOG_H_
#define REEVE_ENFORCEMENT_SHIM_ROTATING_LOG_H_

#include <stddef.h>
#include <stdint.h>

#include "enforcement/shim/plan_format.h"

namespace reeve {

// A file that output is appended to. When it is full NAME becomes NAME.1, that
// NAME.2 and so on, up to NAME.(max_files - 1); the oldest is lost. It is named
// by a kept descriptor of its directory, and no symbolic link is followed.
//
// A file that cannot be written to loses output, and holds nobody up: shim.log
// has a warning when that begins, and one with the number of bytes when it is
// over. Thread-compatible.
class RotatingLog {
 public:
  // `state_dir_fd` is for shim.log. Descriptors are the plan's and stay open.
  RotatingLog(const PlanLog& plan, int state_dir_fd);

  bool is_used() const { return plan_.dir_fd != kNoFd; }

  // Takes all of it.
  void Append(const char* bytes, size_t size);

 private:
  // Returns how much was written. Sets *error to an errno value, or 0.
  size_t TryAppend(const char* bytes, size_t size, int* error);
  int Rotate();
  int Reopen();
  void NoteLoss(size_t bytes, int error);
  void NoteRecovery();

  PlanLog plan_;
  const int state_dir_fd_;
  uint64_t size_ = 0;
  bool is_at_line_start_ = true;
  // Since output began to be lost; 0 while it is not.
  uint64_t lost_bytes_ = 0;
};

// How many of `size` bytes go to a file with `room` bytes left before the next
// file is begun: all if they fit, else up to the last end of a line that fits,
// else none if the file `is_at_line_start`, else as many as fit. Never 0 for an
// empty file.
size_t BytesBeforeRotation(const char* bytes, size_t size, size_t room,
                           bool is_at_line_start, bool is_empty);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_ROTATING_LOG_H_
