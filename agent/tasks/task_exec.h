#ifndef REEVE_AGENT_TASKS_TASK_EXEC_H_
#define REEVE_AGENT_TASKS_TASK_EXEC_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/tasks/exec_spec.h"
#include "agent/tasks/handed_streams.h"
#include "agent/tasks/hangup_watcher.h"
#include "agent/tasks/running_command.h"
#include "agent/tasks/task.h"
#include "agent/tasks/task_launch.h"
#include "agent/tasks/task_registry.h"
#include "enforcement/launch/launcher.h"

namespace reeve {

// Starts further commands in running tasks: in their cgroups, with their
// environment, user, working directory and the limits that each process keeps,
// as asked for by now. Thread-safe.
class TaskExec {
 public:
  // How long a start may take, and whether its caller has gone meanwhile.
  struct Patience {
    absl::Duration timeout = absl::InfiniteDuration();
    std::function<bool()> is_cancelled = [] { return false; };
  };

  struct Parts {
    const TaskRegistry* registry;
    const Launcher* launcher;
    HangupWatcher* watcher;
    LaunchResolver* resolver;
    // Adds the limits that each process keeps.
    std::function<void(const ResourceLimits&, LaunchRequest*)> add_limits;
  };

  explicit TaskExec(Parts parts) : parts_(std::move(parts)) {}

  // Returns once the program runs. Streams that are not set are /dev/null. A
  // task that still starts is waited for. kNotFound for an unknown task;
  // kFailedPrecondition, saying why, for one that is paused or has exited;
  // otherwise the errors of a launch. Nothing is left after an error.
  absl::StatusOr<std::unique_ptr<RunningCommand>> Start(
      const std::string& id, const ExecSpec& spec, HandedStreams streams,
      const Patience& patience);

 private:
  absl::Status AwaitStarted(const std::shared_ptr<Task>& task,
                            const Patience& patience) const;
  absl::StatusOr<LaunchRequest> Resolve(const Task& task,
                                        const ExecSpec& spec) const;
  absl::StatusOr<LaunchedCommand> Enter(const Task& task, LaunchRequest request,
                                        absl::Duration timeout) const;

  const Parts parts_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_EXEC_H_
