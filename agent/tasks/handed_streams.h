#ifndef REEVE_AGENT_TASKS_HANDED_STREAMS_H_
#define REEVE_AGENT_TASKS_HANDED_STREAMS_H_

#include "base/unique_fd.h"

namespace reeve {

// Standard streams that a caller handed over for one task. One that is not set
// comes from the path in the task's spec.
struct HandedStreams {
  UniqueFd stdin_fd;
  UniqueFd stdout_fd;
  UniqueFd stderr_fd;

  bool any() const { return stdin_fd || stdout_fd || stderr_fd; }
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_HANDED_STREAMS_H_
