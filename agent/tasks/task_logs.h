#ifndef REEVE_AGENT_TASKS_TASK_LOGS_H_
#define REEVE_AGENT_TASKS_TASK_LOGS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "agent/tasks/log_follower.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

// A log of a task.
struct TaskLog {
  LogFollower follower;
  bool is_stderr = false;
};

// The files that a task's output goes to, standard output first. `state_dir_fd`
// is that of the task. kFailedPrecondition, saying what to change, if there are
// none.
absl::StatusOr<std::vector<TaskLog>> OpenTaskLogs(const TaskSpec& spec,
                                                  int state_dir_fd);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_LOGS_H_
