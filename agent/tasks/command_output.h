#ifndef REEVE_AGENT_TASKS_COMMAND_OUTPUT_H_
#define REEVE_AGENT_TASKS_COMMAND_OUTPUT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/tasks/running_command.h"
#include "base/unique_fd.h"
#include "enforcement/exit_status.h"

namespace reeve {

// How a command ended, with the last of what it has written.
struct CommandResult {
  ExitStatus exit;
  // At most kMaxOutputTail bytes.
  std::string output;
  // There was more, before.
  bool output_truncated = false;
};

constexpr size_t kMaxOutputTail = 4096;

// How long output is waited for that something in the background holds open
// after the end of a command.
constexpr absl::Duration kOutputGrace = absl::Milliseconds(500);

// How long the death of a command that was killed is waited for.
constexpr absl::Duration kKillPatience = absl::Seconds(5);

// Waits for the end of `command`, reading `output` meanwhile: the read end of a
// pipe that does not block, or none. Kills the command when `deadline` (of the
// monotonic clock) has passed: kDeadlineExceeded; or when `cancel_fd` can be
// read: kCancelled.
absl::StatusOr<CommandResult> AwaitResult(RunningCommand& command,
                                          UniqueFd output,
                                          absl::Duration deadline,
                                          int cancel_fd);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_COMMAND_OUTPUT_H_
