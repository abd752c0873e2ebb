#ifndef REEVE_ENFORCEMENT_SHIM_AWAIT_COMMAND_H_
#define REEVE_ENFORCEMENT_SHIM_AWAIT_COMMAND_H_

#include <sys/types.h>

#include "enforcement/shim/child_events.h"

namespace reeve {

// Waits for a further command `main_pid` in a task of somebody else, writes an
// ExitReport to `status_fd` when it has ended, and returns when every
// descendant is reaped.
//
// A tether that hangs up while the command runs ends it with all descendants.
// What it leaves behind when it ends by itself is the task's, and goes on.
void AwaitCommand(pid_t main_pid, int status_fd, EventFds fds);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_AWAIT_COMMAND_H_
