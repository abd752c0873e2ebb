#ifndef REEVE_ENFORCEMENT_SHIM_CHILD_EVENTS_H_
#define REEVE_ENFORCEMENT_SHIM_CHILD_EVENTS_H_

#include <sys/types.h>

#include "enforcement/shim/plan_format.h"
#include "enforcement/shim/relay.h"

namespace reeve {

constexpr int kForever = -1;

// What the shim listens to while something runs.
struct EventFds {
  // Tells of SIGCHLD by signalfd(2), without blocking.
  int child_signal = kNoFd;
  // For the relay; without one, bytes from it are discarded.
  int control = kNoFd;
  // As in PlanHeader. kNoFd once it has hung up.
  int tether = kNoFd;
};

// Returns when a child may have ended, when the tether has hung up, when
// `relay` was served, which may be null, or after the timeout. Returns whether
// the tether has hung up; it is not listened to any more then.
bool AwaitEvent(EventFds& fds, int timeout_ms, Relay* relay = nullptr);

// Reaps what has ended. Returns whether children are left. Sets *main_pid to 0,
// and *wait_status, when it meets that process.
bool ReapChildren(pid_t* main_pid, int* wait_status);

// Between two kills of what is left: most of it is gone after the first, and
// what cannot die in an uninterruptible sleep is asked more and more rarely.
class KillPause {
 public:
  int NextMs();

 private:
  int next_ms_ = 1;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_CHILD_EVENTS_H_
