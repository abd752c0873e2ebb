#include "agent/tasks/task_failure.h"

#include <optional>

namespace reeve {

bool HasFailed(const Task& task) {
  if (task.IsToStop()) return false;
  const std::optional<ExitStatus> exit = task.Status().exit;
  return exit.has_value() && exit->code != 0;
}

}  // namespace reeve
