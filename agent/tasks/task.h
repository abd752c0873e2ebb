#ifndef REEVE_AGENT_TASKS_TASK_H_
#define REEVE_AGENT_TASKS_TASK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"
#include "collectors/snapshot.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/exit_status.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

enum class TaskState { kStarting, kRunning, kExited };

// Where a task is in its life, at one instant.
struct TaskStatus {
  TaskState state = TaskState::kStarting;
  ProcessIdentity process;
  ProcessIdentity shim;
  absl::Time started_at;
  // Set once the state is kExited.
  std::optional<ExitStatus> exit;
};

// One task from the moment its id is taken. Thread-safe. Shared between the
// registry, calls in progress and the exit watcher.
class Task {
 public:
  using ExitCallback = std::function<void(const ExitStatus&)>;

  Task(TaskSpec spec, bool auto_remove)
      : spec_(std::move(spec)), auto_remove_(auto_remove) {}

  const std::string& id() const { return spec_.id; }
  const TaskSpec& spec() const { return spec_; }
  // To be forgotten once it has exited and a waiter knows.
  bool auto_remove() const { return auto_remove_; }

  TaskStatus Status() const;

  // The cgroup; null before it was made and after it was removed.
  std::shared_ptr<TaskCgroup> cgroup() const;
  void SetCgroup(std::shared_ptr<TaskCgroup> cgroup);

  // The limit files and cgroup directories, also after the cgroup has gone.
  std::vector<LimitSetting> LimitSettings() const;
  CgroupDirs cgroup_dirs() const;
  LimitValues Limits() const;

  // The program runs. Keeps a pidfd of it: kNotFound if it is not `process`
  // any more, which only means that it has ended.
  absl::Status MarkRunning(const ProcessIdentity& process,
                           const ProcessIdentity& shim, absl::Time started_at);

  // It has ended. Drops the cgroup, and tells everybody who waits.
  void MarkExited(const ExitStatus& exit);

  // Sends a signal to the main process. kFailedPrecondition if it does not run.
  absl::Status SendSignal(int signal) const;

  // Calls `callback` once when the task exits, from the thread that finds out;
  // at once if it has. Returns a key for CancelOnExit().
  uint64_t OnExit(ExitCallback callback);

  // After this the callback is not called any more, unless it is being called
  // at this moment.
  void CancelOnExit(uint64_t key);

  // The exit status, or nullopt if the task still runs after `timeout`.
  std::optional<ExitStatus> WaitForExit(absl::Duration timeout) const;

 private:
  const TaskSpec spec_;
  const bool auto_remove_;

  mutable absl::Mutex mutex_;
  TaskStatus status_ ABSL_GUARDED_BY(mutex_);
  UniqueFd pidfd_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<TaskCgroup> cgroup_ ABSL_GUARDED_BY(mutex_);
  // Of the cgroup, kept when it goes.
  std::vector<LimitSetting> last_settings_ ABSL_GUARDED_BY(mutex_);
  LimitValues last_limits_ ABSL_GUARDED_BY(mutex_);
  CgroupDirs cgroup_dirs_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_callback_ ABSL_GUARDED_BY(mutex_) = 1;
  std::vector<std::pair<uint64_t, ExitCallback>> callbacks_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_H_
