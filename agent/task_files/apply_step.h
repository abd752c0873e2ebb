#ifndef REEVE_AGENT_TASK_FILES_APPLY_STEP_H_
#define REEVE_AGENT_TASK_FILES_APPLY_STEP_H_

#include <string>

#include "absl/status/status.h"
#include "agent/api/task_service.pb.h"
#include "agent/spec/change_plan.h"

namespace reeve {

// What is done about one file, or about a task that no file wants any more.
struct ApplyStep {
  enum class Action { kNone, kLaunch, kUpdate, kRestart, kStop };

  // Of a stop: the one that the task was made from.
  std::string file;
  // Of the task; empty where the file has no spec.
  std::string id;
  Action action = Action::kNone;
  // Of a launch, a restart or a stop, if there is something to say.
  std::string why;
  v1::TaskSpec spec;
  // What the spec changes of a task that there is.
  ChangePlan change;
  // A task of that id has exited, and is forgotten first.
  bool replaces_exited = false;

  // Not OK: nothing is done, or it failed.
  absl::Status status;
  // One of the values of reeve_task_file_failed's label: "invalid".
  std::string failure;
};

// "launch", "update", "restart", "stop" or "none".
const char* ActionName(ApplyStep::Action action);

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_APPLY_STEP_H_
