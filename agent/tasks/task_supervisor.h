#ifndef REEVE_AGENT_TASKS_TASK_SUPERVISOR_H_
#define REEVE_AGENT_TASKS_TASK_SUPERVISOR_H_

#include <sys/resource.h>

#include <atomic>
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
#include "agent/state/memory_high_records.h"
#include "agent/state/state_directory.h"
#include "agent/tasks/agent_tether.h"
#include "agent/tasks/cgroup_reaper.h"
#include "agent/tasks/cpu_reservations.h"
#include "agent/tasks/delayed_calls.h"
#include "agent/tasks/group.h"
#include "agent/tasks/group_registry.h"
#include "agent/tasks/handed_streams.h"
#include "agent/tasks/hangup_watcher.h"
#include "agent/tasks/launch_phases.h"
#include "agent/tasks/launch_policy.h"
#include "agent/tasks/task.h"
#include "agent/tasks/task_exec.h"
#include "agent/tasks/task_launch.h"
#include "agent/tasks/task_logs.h"
#include "agent/tasks/task_observer.h"
#include "agent/tasks/task_registry.h"
#include "base/clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/sampler.h"
#include "enforcement/cgroup/cgroup_controller.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/cgroup/parent_offer.h"
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
    LaunchPolicy launch;
    // What tasks are to have on cgroup v2 to be measured by, if they can.
    std::vector<std::string> counting_controllers = {};
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

  // Asked between the steps of a launch, and while its program starts: whether
  // to give up.
  using IsCancelled = std::function<bool()>;

  // Starts a task and returns once its program runs. After an error nothing of
  // it is left; kCancelled if the caller gave up before. An empty id is
  // replaced by a generated one. With `wait`, returns as soon as the task has
  // exited or that time has passed, with one thread less to be woken than by
  // waiting for the task afterwards.
  absl::StatusOr<std::shared_ptr<Task>> Launch(
      TaskSpec spec, HandedStreams streams, bool auto_remove,
      absl::Duration wait = absl::ZeroDuration(),
      const IsCancelled& is_cancelled = [] { return false; });

  // What Launch() would refuse a task for that is without standard streams of
  // the caller, as far as it can be told before anything is made: its user, its
  // program, what of its limits this host has. The id may be that of a task.
  absl::Status CheckLaunch(TaskSpec spec);

  // Takes a process that runs already into a task of its own: `spec` has its
  // id, group and limits. With `with_descendants`, all that it has started too.
  // kNotFound if there is no such process, or if it is another than
  // `start_time_ticks` says, unless that is 0; else the errors of
  // CheckAdoptable(). After an error all processes are where they were.
  absl::StatusOr<std::shared_ptr<Task>> Adopt(TaskSpec spec, pid_t pid,
                                              uint64_t start_time_ticks,
                                              bool with_descendants);

  absl::StatusOr<std::shared_ptr<Task>> Find(const std::string& id) const {
    return registry_.Find(id);
  }
  std::vector<std::shared_ptr<Task>> List() const { return registry_.List(); }
  TaskRegistry::Counts Count() const { return registry_.Count(); }

  // Sends a signal, named as in ParseSignal(), to the main process. A paused
  // task handles it when it is resumed, but dies of SIGKILL at once.
  absl::Status Signal(const std::string& id, absl::string_view signal);

  // Asks the main process to end by `signal`, and after `grace` ends everything
  // in the cgroup; the task's own if one is empty or absent. A paused task goes
  // on for it. kInvalidArgument for an unknown
  // signal, with nothing sent; kDeadlineExceeded if the task is not gone 15 s
  // after it was killed, while trying goes on; kUnavailable after
  // AbandonStops() if the task is not gone yet. A task that has exited gives
  // its status.
  absl::StatusOr<ExitStatus> Stop(const std::string& id,
                                  absl::string_view signal,
                                  std::optional<absl::Duration> grace);

  // For an agent that is about to end: Stop() waits for no task any more, be it
  // under way or not. It asks the task to end, and leaves it to whoever wants
  // the task to be gone to stop it again.
  void AbandonStops();

  // Holds every process of a running task still, or lets it go on again. OK if
  // it is as wanted already. kFailedPrecondition, saying why, if it does not
  // run; kDeadlineExceeded if a process cannot be frozen, after which all go
  // on.
  absl::Status Pause(const std::string& id);
  absl::Status Resume(const std::string& id);

  // Whether observers were told that a task, or its present attempt, started.
  bool HasStarted(const std::string& id) const;

  // The kernel has killed `total` processes of the task for want of memory so
  // far, as a sample tells. Observers are told of those that are new.
  void NoteOomKills(const std::string& id, uint64_t total);

  // Changes limits, all or none. kFailedPrecondition if the task has exited,
  // and if it uses more memory than a new limit allows.
  absl::StatusOr<LimitUpdate> Update(
      const std::string& id, const ResourceLimits& limits,
      const MemoryDecreaseOptions& decrease = {});

  // Changes how far policies may go with a task, now and after a restart of the
  // agent. kInvalidArgument for what no bound can be.
  absl::Status SetPolicyBounds(const std::string& id,
                               const PolicyBoundsChange& change);

  // The same for how the task is stopped by those who do not say.
  absl::Status SetStopMethod(const std::string& id,
                             const StopMethodChange& change);

  // Starts a further command in a running task: see TaskExec::Start().
  absl::StatusOr<std::unique_ptr<RunningCommand>> Exec(
      const std::string& id, const ExecSpec& spec, HandedStreams streams,
      const TaskExec::Patience& patience = {});

  // Connects a client's pipes or sockets to the streams of a running task that
  // was started with a terminal or as attachable. kFailedPrecondition if it was
  // not, has exited or lost its shim; kResourceExhausted if four are attached.
  absl::Status Attach(const std::string& id, const HandedStreams& streams);

  // Of a task with a terminal, in characters.
  absl::Status ResizeTty(const std::string& id, uint32_t width,
                         uint32_t height);

  // Ends the standard input that the shim holds for the task.
  absl::Status CloseStdin(const std::string& id);

  // The task's log files, also of one that has exited. kFailedPrecondition if
  // it has none.
  absl::StatusOr<std::vector<TaskLog>> OpenLogs(const std::string& id) const;

  // Forgets a task that has exited. kFailedPrecondition if it runs.
  absl::Status Remove(const std::string& id);

  // Changes limits that the tasks of a group share, all or none. The group is
  // made if it is not there, and stays until it is removed.
  absl::StatusOr<LimitUpdate> SetGroup(
      const std::string& name, const ResourceLimits& limits,
      const MemoryDecreaseOptions& decrease = {});

  // Ends a group, and its limits. kNotFound if there is none,
  // kFailedPrecondition, naming them, if it has tasks.
  absl::Status RemoveGroup(const std::string& name);

  // The groups that have tasks or limits, by name.
  std::vector<std::shared_ptr<Group>> ListGroups() const {
    return groups_.List();
  }

 private:
  // Tells observers of something that happened to a task.
  void Tell(const Task& task, EventType type,
            EventAttributes attributes = {}) const;
  void TellOomKills(Task& task, uint64_t total) const;
  void TellStart(const Task& task, const ProcessIdentity& process) const;
  // The task has ended, or an attempt that another one follows.
  void TellExit(const Task& task, const ExitStatus& exit) const;
  void TellUpdateFailed(const Task& task, const absl::Status& status) const;

  // Says so if the new limits of `what` have killed.
  static void LogKills(absl::string_view what, const LimitUpdate& update);

  // Makes a task's program run in its cgroup. After an error no process is
  // left.
  absl::StatusOr<LaunchedTask> StartProgram(TaskCgroup& cgroup,
                                            const TaskSpec& spec,
                                            const ResourceLimits& limits,
                                            LaunchRequest request);
  // What the plan of a launch says about the cgroup and the state directory.
  static absl::Status PrepareIsolation(const TaskSpec& spec, TaskCgroup& cgroup,
                                       LaunchRequest* request);
  absl::Status TryLaunch(const std::shared_ptr<Task>& task,
                         HandedStreams streams, const IsCancelled& is_cancelled,
                         UniqueFd* exit_fifo);
  // Puts the first processes into the cgroup of a task that has all else, and
  // says which they are. Has the task measured by `measure`, as soon as there
  // is time for it and before anybody is told of it.
  using BeginMeasuring = std::function<absl::Status()>;
  using Populate = std::function<absl::Status(
      TaskCgroup& cgroup, UniqueFd state_dir, absl::Time started_at,
      const BeginMeasuring& measure)>;
  // Makes all that a task has. After an error nothing of it is left.
  absl::Status MakeTask(const std::shared_ptr<Task>& task,
                        const std::string& program,
                        const IsCancelled& is_cancelled,
                        const Populate& populate, LaunchPhases* phases);

  absl::Status TakeIn(Task& task, const ProcessIdentity& process,
                      TaskCgroup& cgroup, int state_dir) const;
  // Goes on with an adoption that an earlier agent may not have finished.
  void TakeInAgain(const Task& task, const ProcessIdentity& process,
                   TaskCgroup& cgroup) const;
  void AddProcessLimits(const ResourceLimits& limits,
                        LaunchRequest* request) const;
  absl::StatusOr<std::shared_ptr<TaskCgroup>> CreateCgroup(const Task& task);
  // As it is now, with the table of the last task's wherever that is the same:
  // then all tasks share one.
  ParentOffer OfferTo(const std::string& parent);
  TaskTarget MakeTarget(const Task& task, const std::string& program) const;

  // `given` is `asked` as its cgroup gets it.
  absl::StatusOr<LimitUpdate> UpdateAndKeep(
      Task& task, const ResourceLimits& asked, const ResourceLimits& given,
      const MemoryDecreaseOptions& decrease) const
      ABSL_LOCKS_EXCLUDED(task.update_mutex());
  // Of a task that cannot have any more what it has reserved.
  void LoseReservation(Task& task) const
      ABSL_LOCKS_EXCLUDED(task.update_mutex());
  absl::Status KeepLimits(const std::string& id,
                          const ResourceLimits& limits) const;

  // Waits here for up to `wait`, and leaves the rest to the watcher.
  absl::Status AwaitShim(const std::shared_ptr<Task>& task, UniqueFd exit_fifo,
                         absl::Duration wait);
  absl::Status WatchShim(const std::shared_ptr<Task>& task, UniqueFd exit_fifo);
  void OnShimGone(const std::shared_ptr<Task>& task);
  static constexpr absl::Duration kExhaustedRetry = absl::Seconds(1);
  // Of a lack of files or memory, which passes: no reason to give up a task
  // that goes on, or a status that is there to be read.
  void TryAgain(const std::shared_ptr<Task>& task, const absl::Status& reason,
                std::function<void()> call);
  void WatchWithoutShim(const std::shared_ptr<Task>& task,
                        const std::string& reason);
  // Of a task that lost its shim, for `reason`, and then ended: asks the kernel
  // how until it tells.
  void FindOutExit(const std::shared_ptr<Task>& task, const std::string& reason,
                   absl::Time until);
  static void ReapShim(const Task& task);
  // An attempt has ended: another follows, or the task ends.
  void FinishExit(const std::shared_ptr<Task>& task, ExitStatus exit);
  void EndTask(const std::shared_ptr<Task>& task, const ExitStatus& exit);

  // Whether the task's policy wants another attempt, which is made later.
  bool RestartLater(const std::shared_ptr<Task>& task, const ExitStatus& exit);
  void Restart(const std::shared_ptr<Task>& task);
  // As TryLaunch(), in the cgroup that there is.
  absl::Status TryAttempt(const std::shared_ptr<Task>& task,
                          UniqueFd* exit_fifo);
  static absl::Status ClearCgroup(TaskCgroup& cgroup);
  absl::Status BeginAttemptOnDisk(const Task& task,
                                  LaunchRequest* request) const;
  // For an agent that is started again before the task has ended.
  void KeepStop(const Task& task) const;
  // Changes what is kept on disk of a task's spec; who calls has its update
  // mutex.
  absl::Status ChangeKeptSpec(
      const std::string& id,
      const std::function<void(v1::TaskSpec*)>& change) const;
  // A stop that came before the program ran has found nothing to kill.
  void KillIfToStop(const Task& task) const;
  // When the attempt began that an earlier agent made; nullopt for the first.
  // One that has not `has_run` does not count. kResourceExhausted if it cannot
  // be read now.
  static absl::StatusOr<std::optional<absl::Time>> RecallAttempt(Task& task,
                                                                 int dir_fd,
                                                                 bool has_run);
  // Of all attempts, by the kernel's counter; 0 if it cannot be read.
  static uint64_t OomKillsOf(const Task& task);
  void RemoveCgroup(const std::shared_ptr<Task>& task);
  void OnCgroupGone(Task& task);

  // Makes a starting task a member of the group that it is to be in.
  absl::Status JoinGroup(Task& task);
  void LeaveGroup(Task& task);
  // The parent of the task's cgroup.
  std::string CgroupParentOf(const Task& task) const;
  // Those in force; none of a group that is not there.
  LimitValues LimitsOfGroup(const std::string& name) const;
  // kInvalidArgument where cgroup v1 would refuse a CPU limit and not say why.
  absl::Status CheckQuotaInGroup(const Task& task,
                                 const ResourceLimits& limits) const;
  absl::Status CheckQuotaOfGroup(const std::string& name,
                                 const ResourceLimits& limits) const;
  void ForgetOldExits();

  void TellAdopted(const Task& task) const;
  class ParentOffers;
  absl::Status RecoverAll();
  void RecoverOrRemove(const std::string& id, ParentOffers& offers);
  absl::Status Recover(const std::string& id, ParentOffers& offers);
  // Limits, group and measurements of a task whose cgroup is there.
  void RecoverCgroup(const std::shared_ptr<Task>& task,
                     const state::TaskRecord& record,
                     const ProcessIdentity& process,
                     std::unique_ptr<TaskCgroup> cgroup);
  void Measure(const std::shared_ptr<Task>& task, TaskTarget target);
  // A task that ran when the last agent ended.
  absl::Status RecoverRun(const std::shared_ptr<Task>& task,
                          const ProcessIdentity& process, absl::Time began);
  void RemoveHalfMade(const std::string& id);

  const Parts parts_;
  const Options options_;
  const MemoryHighRecords high_records_;
  std::atomic<bool> abandons_stops_{false};
  absl::Mutex offered_mutex_;
  CgroupMounts offered_mounts_ ABSL_GUARDED_BY(offered_mutex_){{}};
  TaskRegistry registry_;
  GroupRegistry groups_;
  CpuReservations reservations_;
  AgentTether tether_;
  HangupWatcher watcher_;
  DelayedCalls delayed_calls_;
  CgroupReaper reaper_;
  LaunchResolver resolver_;
  TaskExec exec_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_SUPERVISOR_H_
