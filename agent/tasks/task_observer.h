#ifndef REEVE_AGENT_TASKS_TASK_OBSERVER_H_
#define REEVE_AGENT_TASKS_TASK_OBSERVER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "agent/events/task_event.h"
#include "agent/tasks/launch_phases.h"
#include "enforcement/exit_status.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// Told of what happens to tasks, so that it can be counted and kept.
// Implementations are thread-safe and fast, and call nothing of the tasks':
// they are called on the launch and exit paths, and with locks held. What an
// observer does not care for does nothing.
class TaskObserver {
 public:
  virtual ~TaskObserver() = default;

  // A launch ended, well or not, after `duration`.
  virtual void OnLaunch(const absl::Status& /*status*/,
                        absl::Duration /*duration*/) {}
  // Of a launch that went well: where its time went.
  virtual void OnLaunchPhases(const std::vector<LaunchPhase>& /*phases*/) {}
  // A task ended, or an attempt of it.
  virtual void OnExit(const ExitStatus& /*exit*/) {}
  // So many more processes of a task were killed for want of memory. It may go
  // on all the same.
  virtual void OnOomKills(uint64_t /*count*/) {}
  // An update of `limits` ended, well or not, after `duration`.
  virtual void OnUpdate(const ResourceLimits& /*limits*/,
                        const absl::Status& /*status*/,
                        absl::Duration /*duration*/) {}
  // A cgroup could not be removed after a task had ended, and was given up.
  virtual void OnCgroupLeaked(const absl::Status& /*status*/) {}
  // Something happened to a task or a group. The events of a task come in the
  // order in which they happened.
  virtual void OnEvent(const TaskEvent& /*event*/) {}
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_OBSERVER_H_
