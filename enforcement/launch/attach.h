#ifndef REEVE_ENFORCEMENT_LAUNCH_ATTACH_H_
#define REEVE_ENFORCEMENT_LAUNCH_ATTACH_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// The agent's side of enforcement/shim/attach_message.h. All thread-safe.

// Makes the socket `attach` (0600) in a task's state directory, and listens.
absl::StatusOr<UniqueFd> ListenForAttach(int state_dir_fd);

// kInvalidArgument, naming it, unless each of a client's streams is a pipe or a
// socket: the shim makes them non-blocking, which a terminal or a file of
// somebody else must not become.
absl::Status CheckClientStreams(const UniqueFd& in, const UniqueFd& out,
                                const UniqueFd& err);

// Hands a client's streams to the shim. kFailedPrecondition if the shim is
// gone, kResourceExhausted if as many clients are attached as can be. Takes 10
// s at most.
absl::Status AttachStreams(int state_dir_fd, const UniqueFd& in,
                           const UniqueFd& out, const UniqueFd& err,
                           bool closes_input);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_ATTACH_H_
