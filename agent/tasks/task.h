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
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/tasks/launch_phases.h"
#include "base/unique_fd.h"
#include "collectors/snapshot.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/exit_status.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

class Group;

enum class TaskState {
  kStarting,
  kRunning,
  kPaused,
  kRestarting,  // It has ended, and waits for its next attempt.
  kExited,
};

// Where the main process of a task came from.
enum class TaskOrigin {
  kLaunched,
  kAdopted,      // It ran already, and was taken in alone,
  kAdoptedTree,  // or with all that it had started.
};

// Which run of its program a task is in. Only a restart policy leads to more
// than one.
struct AttemptStatus {
  uint32_t number = 1;
  // Restarts up to this attempt that followed each other.
  uint32_t restarts_in_row = 0;
  // OOM kills in the cgroup by the beginning of the attempt.
  uint64_t oom_kills_before = 0;
  // How the one before ended, if there was one; how this one did, while the
  // state is kRestarting.
  std::optional<ExitStatus> last_exit;
  // When the next one begins, while the state is kRestarting.
  absl::Time restart_at = absl::InfiniteFuture();
};

// Where a task is in its life, at one instant.
struct TaskStatus {
  TaskState state = TaskState::kStarting;
  ProcessIdentity process;
  ProcessIdentity shim;
  // Of this attempt.
  absl::Time started_at;
  AttemptStatus attempt;
  // Set once the state is kExited.
  std::optional<ExitStatus> exit;
};

// One task from the moment its id is taken. Thread-safe. Shared between the
// registry, calls in progress and the exit watcher.
class Task {
 public:
  using ExitCallback = std::function<void(const ExitStatus&)>;

  Task(TaskSpec spec, bool auto_remove,
       TaskOrigin origin = TaskOrigin::kLaunched)
      : spec_(std::move(spec)),
        auto_remove_(auto_remove),
        origin_(origin),
        policy_bounds_(spec_.policy_bounds),
        stop_method_(spec_.stop) {}

  const std::string& id() const { return spec_.id; }
  const TaskSpec& spec() const { return spec_; }
  // To be forgotten once it has exited and a waiter knows.
  bool auto_remove() const { return auto_remove_; }
  TaskOrigin origin() const { return origin_; }
  // Where the time of its launch went; empty for one that an earlier agent
  // made.
  void SetPhases(std::vector<LaunchPhase> phases);
  std::vector<LaunchPhase> phases() const;
  // Its processes ran before it: it has no shim.
  bool is_adopted() const { return origin_ != TaskOrigin::kLaunched; }

  TaskStatus Status() const;

  // Whether it has exited, or is about to be told so since its cgroup has no
  // process any more: then its limits cannot be changed, and need not be.
  bool HasEnded() const;

  // The cgroup; null before it was made and after it was removed.
  std::shared_ptr<TaskCgroup> cgroup() const;
  void SetCgroup(std::shared_ptr<TaskCgroup> cgroup);

  // The group whose cgroup the task's is in; null if there is none, or once it
  // was taken.
  void SetGroup(std::shared_ptr<Group> group);
  std::shared_ptr<Group> group() const;
  std::shared_ptr<Group> TakeGroup();

  // The limit files and cgroup directories, also after the cgroup has gone.
  std::vector<LimitSetting> LimitSettings() const;
  CgroupDirs cgroup_dirs() const;
  LimitValues Limits() const;

  // Held during an update, so that what is asked for, what is kept of that on
  // disk and what is in force change in the same order.
  absl::Mutex& update_mutex() ABSL_LOCK_RETURNED(update_mutex_) {
    return update_mutex_;
  }

  // The limits of the spec with the updates since: until the next that has
  // finished, for who does not hold `update_mutex()`.
  ResourceLimits AskedLimits() const;
  void SetAskedLimits(const ResourceLimits& limits)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(update_mutex_);

  // Those of the spec with the updates since.
  PolicyBounds policy_bounds() const;
  void SetPolicyBounds(const PolicyBounds& bounds);
  StopMethod stop_method() const;
  void SetStopMethod(const StopMethod& method);

  // Waits until it has started. False if it still starts after `timeout`.
  bool AwaitStart(absl::Duration timeout) const;

  // The program runs. Keeps a pidfd of it: kNotFound if it is not `process`
  // any more, which only means that it has ended.
  absl::Status MarkRunning(const ProcessIdentity& process,
                           const ProcessIdentity& shim, absl::Time started_at);

  // Of a task that the agent found running: whose child it is, once that is
  // known.
  void SetShim(const ProcessIdentity& shim);

  // Another descriptor of the main process, for whoever waits for its end.
  // kFailedPrecondition if that had ended when it was to be opened.
  absl::StatusOr<UniqueFd> DuplicatePidfd() const;

  // An attempt has ended, and another is to begin at `restart_at`. Whether it
  // may: false, with nothing changed, once the task is to be stopped.
  bool MarkRestarting(const ExitStatus& exit, uint32_t restarts_in_row,
                      absl::Time restart_at);

  // The state goes from kRestarting to kStarting, for whoever makes the next
  // attempt, or ends the task instead. False if somebody else was first.
  bool ClaimRestart();

  // After ClaimRestart(): the next attempt begins.
  void BeginAttempt(uint64_t oom_kills_before);

  // Of an attempt that an earlier agent began.
  void RecallAttempt(const AttemptStatus& attempt, absl::Time started_at,
                     bool was_stopped);

  // Somebody wants the task to end: no attempt follows.
  bool IsToStop() const;

  // It has ended. Drops the cgroup, and tells everybody who waits.
  void MarkExited(const ExitStatus& exit);

  // Sends a signal to the main process. kFailedPrecondition if it does not run.
  absl::Status SendSignal(int signal) const;

  // Holds every process of the task still. Returns whether it went on before:
  // false if it was paused already. kFailedPrecondition, saying why, unless the
  // task runs or if it ends meanwhile; else the errors of TaskCgroup::Freeze(),
  // after which the task goes on.
  absl::StatusOr<bool> Pause(absl::Duration timeout);

  // Lets a paused task go on. Returns whether it was paused.
  // kFailedPrecondition unless it runs.
  absl::StatusOr<bool> Resume();

  // The task is about to be ended: it is not restarted any more. Until
  // EndStop(), Pause() fails, also one that is under way.
  void BeginStop();
  void EndStop();

  // The stop kills all that is in the cgroup from here on: no command may enter
  // it any more.
  void BeginKill();

  // Whether a command may enter the cgroup. Not once that is being emptied:
  // callers that enter in a loop would keep whoever empties it from an end.
  bool IsEnterable() const;

  // Between the two: lets a paused task go on, so that it can end. Waits for
  // nobody. Returns whether it was paused.
  bool ThawForStop();

  // Takes the task for paused if its cgroup is frozen, as an earlier agent left
  // it.
  void AdoptPause();

  // Of `total` kills for want of memory so far, how many nobody was told of;
  // they count as told then. Each is told once, whoever finds it.
  uint64_t TellOomKills(uint64_t total);

  // Calls `callback` once when the task exits, from the thread that finds out;
  // at once if it has. Returns a key for CancelOnExit().
  uint64_t OnExit(ExitCallback callback);

  // After this the callback is not called any more, unless it is being called
  // at this moment.
  void CancelOnExit(uint64_t key);

  // The exit status, or nullopt if the task still runs after `timeout`.
  std::optional<ExitStatus> WaitForExit(absl::Duration timeout) const;

  // The same for who stops the task. Does not wait once stops are abandoned.
  std::optional<ExitStatus> AwaitStop(absl::Duration timeout) const;

  // From now on nobody waits for the end of a stop, be it under way or not.
  void AbandonStops();

 private:
  // What is kept of the cgroup when it goes.
  struct LastCgroup {
    std::vector<LimitSetting> settings;
    LimitValues limits;
    CgroupDirs dirs;
  };

  // kFailedPrecondition unless it runs, paused or not.
  absl::Status CheckRunning() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckPausable() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether what is left in the cgroup is about to be ended, since its main
  // process has.
  bool MainHasEnded() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Refusal(absl::string_view reason) const;
  // Whether it was paused.
  bool MarkGoingOn();

  const TaskSpec spec_;
  const bool auto_remove_;
  const TaskOrigin origin_;

  // Held while the cgroup is frozen and thawed, which takes time: Pause() and
  // Resume() take turns.
  absl::Mutex pause_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Mutex update_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);

  mutable absl::Mutex mutex_;
  // Null while those of the spec are: most tasks are never updated.
  std::unique_ptr<const ResourceLimits> updated_limits_ ABSL_GUARDED_BY(mutex_);
  PolicyBounds policy_bounds_ ABSL_GUARDED_BY(mutex_);
  StopMethod stop_method_ ABSL_GUARDED_BY(mutex_);
  TaskStatus status_ ABSL_GUARDED_BY(mutex_);
  std::vector<LaunchPhase> phases_ ABSL_GUARDED_BY(mutex_);
  UniqueFd pidfd_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<TaskCgroup> cgroup_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Group> group_ ABSL_GUARDED_BY(mutex_);
  // Null before the cgroup goes.
  std::unique_ptr<const LastCgroup> last_cgroup_ ABSL_GUARDED_BY(mutex_);
  uint64_t told_oom_kills_ ABSL_GUARDED_BY(mutex_) = 0;
  // Stops that have begun and not ended.
  int stops_ ABSL_GUARDED_BY(mutex_) = 0;
  // For good, unlike `stops_`: a stop that gave up waiting is a stop.
  bool is_to_stop_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_killed_ ABSL_GUARDED_BY(mutex_) = false;
  bool stops_are_abandoned_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t next_callback_ ABSL_GUARDED_BY(mutex_) = 1;
  std::vector<std::pair<uint64_t, ExitCallback>> callbacks_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_H_
