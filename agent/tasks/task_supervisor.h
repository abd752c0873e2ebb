#ifndef REEVE_AGENT_TASKS_TASK_SUPERVISOR_H_
#define REEVE_AGENT_TASKS_TASK_SUPERVISOR_H_

#include <sys/resource.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/state/state_directory.h"
#include "agent/tasks/cgroup_reaper.h"
#include "agent/tasks/hangup_watcher.h"
#include "agent/tasks/task.h"
#include "agent/tasks/task_launch.h"
#include "agent/tasks/task_observer.h"
#include "agent/tasks/task_registry.h"
#include "base/clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/sampler.h"
#include "enforcement/cgroup/cgroup_controller.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/launch/launcher.h"

namespace reeve {

// Launches tasks, looks after them and ends them: the one place where state on
// disk, cgroup, shim and measuring come together. Thread-safe; calls about
// different tasks do not wait for each other.
class TaskSupervisor {
 public:
  // All must outlive the supervisor.
  struct Parts {
    const Clock* clock;
    const CgroupMounts* mounts;
    CgroupController* controller;
    Sampler* sampler;
    const Launcher* launcher;
    const StateDirectory* state;
    TaskObserver* observer;
  };

  struct Options {
    std::string cgroup_parent;
    // RLIMIT_NOFILE of tasks; nullopt: the agent's own.
    std::optional<rlimit> task_nofile;
    // nice(2) value of tasks.
    int task_nice = 0;
    // Exited tasks beyond this many are forgotten, the oldest first.
    size_t max_exited_tasks = 1000;
    // How shares become a weight on cgroup v2.
    CpuWeightMapping cpu_weight_mapping = CpuWeightMapping::kLinear;
  };

  TaskSupervisor(Parts parts, Options options);
  ~TaskSupervisor();
  TaskSupervisor(const TaskSupervisor&) = delete;
  TaskSupervisor& operator=(const TaskSupervisor&) = delete;

  // Starts the threads and takes over the tasks that an earlier agent left in
  // the state directory, disturbing none.
  absl::Status Start();
  // Ends the threads. Tasks go on.
  void Stop();

  // Starts a task and returns once its program runs. After an error nothing of
  // it is left. An empty id is replaced by a generated one.
  absl::StatusOr<std::shared_ptr<Task>> Launch(TaskSpec spec,
                                               HandedStreams streams,
                                               bool auto_remove);

  absl::StatusOr<std::shared_ptr<Task>> Find(const std::string& id) const {
    return registry_.Find(id);
  }
  std::vector<std::shared_ptr<Task>> List() const { return registry_.List(); }
  TaskRegistry::Counts Count() const { return registry_.Count(); }

  // Sends a signal, named as in ParseSignal(), to the main process.
  absl::Status Signal(const std::string& id, absl::string_view signal);

  // Asks the main process to end, and after `grace` ends everything in the
  // cgroup. kInvalidArgument for an unknown signal, with nothing sent;
  // kDeadlineExceeded if the task is not gone 15 s after it was killed, while
  // trying goes on. A task that has exited gives its status.
  absl::StatusOr<ExitStatus> Stop(const std::string& id,
                                  absl::string_view signal,
                                  absl::Duration grace);

  // Changes limits, all or none. kFailedPrecondition if the task has exited.
  absl::StatusOr<std::vector<LimitSetting>> Update(
      const std::string& id, const ResourceLimits& limits);

  // Forgets a task that has exited. kFailedPrecondition if it runs.
  absl::Status Remove(const std::string& id);

 private:
  absl::Status TryLaunch(const std::shared_ptr<Task>& task,
                         HandedStreams streams);
  absl::StatusOr<std::shared_ptr<TaskCgroup>> CreateCgroup(
      const TaskSpec& spec);
  TaskTarget MakeTarget(const Task& task, const std::string& program) const;

  absl::Status WatchShim(const std::shared_ptr<Task>& task, UniqueFd exit_fifo);
  void OnShimGone(const std::shared_ptr<Task>& task);
  void FinishExit(const std::shared_ptr<Task>& task, ExitStatus exit);
  void RemoveCgroup(const std::shared_ptr<Task>& task);
  void ForgetOldExits();

  absl::Status RecoverAll();
  absl::Status Recover(const std::string& id);
  void RemoveHalfMade(const std::string& id);

  const Parts parts_;
  const Options options_;
  TaskRegistry registry_;
  HangupWatcher watcher_;
  CgroupReaper reaper_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_SUPERVISOR_H_
