#ifndef REEVE_AGENT_API_EXEC_PIPES_H_
#define REEVE_AGENT_API_EXEC_PIPES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// One standard stream of a command: its end, and the other, which does not
// block. All descriptors are close-on-exec.
struct StreamPipe {
  UniqueFd of_command;
  UniqueFd ours;
};

absl::StatusOr<StreamPipe> MakeOutputPipe();
absl::StatusOr<StreamPipe> MakeInputPipe();

// A new terminal for a command; ours is the master.
absl::StatusOr<StreamPipe> MakeTerminal();

// Tells a terminal's processes how large it is, in characters.
// kInvalidArgument beyond 65535.
absl::Status ResizeTerminal(int master_fd, uint32_t width, uint32_t height);

absl::StatusOr<UniqueFd> Duplicate(const UniqueFd& fd);

}  // namespace reeve

#endif  // REEVE_AGENT_API_EXEC_PIPES_H_
