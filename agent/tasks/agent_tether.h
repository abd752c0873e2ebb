#ifndef REEVE_AGENT_TASKS_AGENT_TETHER_H_
#define REEVE_AGENT_TASKS_AGENT_TETHER_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "base/unique_fd.h"

namespace reeve {

// A pipe that hangs up when this process ends, in whatever way: for shims whose
// tasks must not outlive it. Thread-safe.
class AgentTether {
 public:
  // Sets *reader to another read end.
  absl::Status AddReader(UniqueFd* reader);

 private:
  absl::Mutex mutex_;
  UniqueFd read_end_ ABSL_GUARDED_BY(mutex_);
  UniqueFd write_end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_AGENT_TETHER_H_
