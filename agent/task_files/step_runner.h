#ifndef REEVE_AGENT_TASK_FILES_STEP_RUNNER_H_
#define REEVE_AGENT_TASK_FILES_STEP_RUNNER_H_

#include <functional>
#include <vector>

#include "agent/task_files/apply_step.h"
#include "agent/task_files/task_host.h"

namespace reeve {

// Has those restarts fail whose launch would be refused: their tasks go on as
// they are.
void CheckRestarts(TaskHost& host, std::vector<ApplyStep>* steps);

// Does what a plan says: all stops at once, and the rest in its order, in which
// a restart waits for its own stop, and a new task for those of tasks that no
// file wants, whose place it may take; nobody waits for another's but for what
// comes after that. A step that fails has a status and a failure
// afterwards; the others are done all the same. `origin_prefix` and the file
// are the origin of launched tasks.
void RunSteps(const std::string& origin_prefix, TaskHost& host,
              std::vector<ApplyStep>* steps);

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_STEP_RUNNER_H_
