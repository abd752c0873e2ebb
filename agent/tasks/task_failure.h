#ifndef REEVE_AGENT_TASKS_TASK_FAILURE_H_
#define REEVE_AGENT_TASKS_TASK_FAILURE_H_

#include "agent/tasks/task.h"

namespace reeve {

// Whether the task has ended for good, not with exit code 0, and nobody asked
// for it: one that was stopped has not failed, nor has one that waits for its
// next attempt.
bool HasFailed(const Task& task);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_FAILURE_H_
