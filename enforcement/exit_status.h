#ifndef REEVE_ENFORCEMENT_EXIT_STATUS_H_
#define REEVE_ENFORCEMENT_EXIT_STATUS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace reeve {

// How a task ended. One of: exited by itself, by a signal, or not known.
struct ExitStatus {
  static constexpr int kUnknown = -1;

  // The exit code, 128 + signal, or kUnknown.
  int code = kUnknown;
  // The signal that ended it; 0 if none did.
  int signal = 0;
  // The kernel's out-of-memory killer ended a process of the task: from the
  // cgroup's counter, never from code 137.
  bool oom_killed = false;
  // Why the code is kUnknown; empty otherwise.
  std::string reason;
  absl::Time exited_at;
};

// The reason of a task that an earlier boot of the machine has had.
inline constexpr char kRebooted[] = "the machine was rebooted";

// From waitpid(2)'s status.
ExitStatus ExitStatusFromWait(int wait_status, absl::Time exited_at);

ExitStatus UnknownExit(absl::string_view reason, absl::Time exited_at);

// The text of the `exitStatus` file of a task: "CODE SIGNAL UNIX_NANOS\n".
// kNotFound if it is empty (not exited yet), kDataLoss if it is something else.
absl::StatusOr<ExitStatus> ParseExitStatusFile(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_EXIT_STATUS_H_
