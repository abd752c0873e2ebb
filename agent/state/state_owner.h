#ifndef REEVE_AGENT_STATE_STATE_OWNER_H_
#define REEVE_AGENT_STATE_STATE_OWNER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace reeve {

// Asks the agent that has a state directory to end (SIGTERM), and waits until
// it has and the directory is free. OK at once if no agent has it.
// kDeadlineExceeded if it has not ended in time, kFailedPrecondition if it
// cannot be told who has it, kPermissionDenied for another user's. The process
// is the one that the kernel says holds the lock (/proc/locks, proc(5)).
absl::Status EndStateOwner(const std::string& state_dir,
                           absl::Duration timeout);

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_STATE_OWNER_H_
