#ifndef REEVE_ENFORCEMENT_SHIM_AWAIT_TASK_H_
#define REEVE_ENFORCEMENT_SHIM_AWAIT_TASK_H_

#include <stdint.h>
#include <sys/types.h>

#include "enforcement/shim/child_events.h"
#include "enforcement/shim/leftovers.h"
#include "enforcement/shim/relay.h"

namespace reeve {

// How and when a task ended.
struct TaskEnd {
  // waitpid(2)'s, of the main process.
  int wait_status = 0;
  int64_t unix_nanos = 0;
};

// Waits until the task is over and every descendant is reaped. The task is over
// with its main process `main_pid`, and then all that is left of it is killed;
// or, if it `lasts_with_cgroup`, with its last descendant. Kills all of it once
// the tether hangs up. Meanwhile `relay` is served, unless it is null.
TaskEnd AwaitTask(pid_t main_pid, bool lasts_with_cgroup,
                  const Containment& containment, EventFds fds, Relay* relay);

// Kills and reaps all descendants: of a task that must not go on.
void EndTask(const Containment& containment, int child_signal_fd);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_AWAIT_TASK_H_
