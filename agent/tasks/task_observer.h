#ifndef REEVE_AGENT_TASKS_TASK_OBSERVER_H_
#define REEVE_AGENT_TASKS_TASK_OBSERVER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "enforcement/exit_status.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// Told of what happens to tasks, so that it can be counted. Implementations are
// thread-safe and fast: they are called on the launch and exit paths.
class TaskObserver {
 public:
  virtual ~TaskObserver() = default;

  // A launch ended, well or not, after `duration`.
  virtual void OnLaunch(const absl::Status& status,
                        absl::Duration duration) = 0;
  // A task ended; `oom_kills` of its processes were killed for memory.
  virtual void OnExit(const ExitStatus& exit, uint64_t oom_kills) = 0;
  // An update of `limits` ended, well or not, after `duration`.
  virtual void OnUpdate(const ResourceLimits& limits,
                        const absl::Status& status,
                        absl::Duration duration) = 0;
  // A cgroup could not be removed after a task had ended, and was given up.
  virtual void OnCgroupLeaked(const absl::Status& status) = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_OBSERVER_H_
