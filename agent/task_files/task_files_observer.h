#ifndef REEVE_AGENT_TASK_FILES_TASK_FILES_OBSERVER_H_
#define REEVE_AGENT_TASK_FILES_TASK_FILES_OBSERVER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "agent/task_files/apply_step.h"

namespace reeve {

// How a file of the directory stands.
struct TaskFileState {
  std::string path;
  // Why it is not applied; empty if it is.
  std::string failure;
  // Of the task that it was last applied to; empty if there was none.
  std::string id;
};

// Told of what is done about a directory of specs, by one thread.
class TaskFilesObserver {
 public:
  virtual ~TaskFilesObserver() = default;

  // Something was done, or a file that was wrong is in order again.
  virtual void OnApplied(const ApplyStep& step) = 0;
  // With another error than before.
  virtual void OnFailed(const ApplyStep& step) = 0;
  // After each round: all files.
  virtual void OnFiles(const std::vector<TaskFileState>& files) = 0;
  // The directory as a whole could be looked at, or not: then nothing changes.
  virtual void OnLook(const absl::Status& status) = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_TASK_FILES_OBSERVER_H_
