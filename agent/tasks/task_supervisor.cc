#include "agent/tasks/task_supervisor.h"

#include <sys/random.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "agent/api/convert.h"
#include "agent/tasks/memory_high.h"
#include "agent/tasks/task_streams.h"
#include "base/file.h"
#include "base/signal_name.h"
#include "collectors/cgroup/later_dirs.h"
#include "enforcement/spec/limit_parts.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// After everything in a cgroup was killed: how long its end may take before a
// caller is told so.
constexpr absl::Duration kExitAfterKill = absl::Seconds(15);
// Not at once: an agent for one short task may never need it.
constexpr absl::Duration kWarmUpAfter = absl::Seconds(1);
// How long a launch waits for the cgroup of an earlier task of its id to go.
constexpr absl::Duration kOldCgroupTimeout = absl::Seconds(5);

// How long a task may take to stand still.
constexpr absl::Duration kFreezeTimeout = absl::Seconds(2);

std::string GenerateId() {
  uint32_t random = 0;
  while (getrandom(&random, sizeof(random), 0) != sizeof(random)) {
  }
  return absl::StrFormat("task-%08x", random);
}

state::TaskRecord MakeRecord(const Task& task, const std::string& program,
                             const std::string& cgroup_parent, absl::Time now) {
  state::TaskRecord record;
  record.set_version(1);
  *record.mutable_spec() = ToProto(task.spec());
  record.set_cgroup_parent(cgroup_parent);
  record.set_auto_remove(task.auto_remove());
  *record.mutable_created_at() = ToProto(now);
  record.set_program(program);
  record.set_adopted(task.is_adopted());
  record.set_adopted_tree(task.origin() == TaskOrigin::kAdoptedTree);
  return record;
}

absl::Status Cancelled() {
  return absl::CancelledError("the caller gave up before the task ran");
}

Bound BoundOfRlimit(rlim_t value) {
  return value == RLIM_INFINITY ? Bound::Unlimited() : Bound::Of(value);
}

absl::Status Abandoned(const std::string& id, int signal) {
  return absl::UnavailableError(absl::StrCat(
      "the agent is ending: task ", id, " was sent ", SignalName(signal),
      ", but is not gone yet: stop it again with the next agent"));
}

bool HasV1(const CgroupMounts& mounts) {
  return absl::c_any_of(mounts.hierarchies(),
                        [](const CgroupHierarchy& hierarchy) {
                          return hierarchy.version == CgroupVersion::kV1;
                        });
}

}  // namespace

TaskSupervisor::TaskSupervisor(Parts parts, Options options)
    : parts_(parts),
      options_(std::move(options)),
      high_records_(parts.state->path()),
      groups_({parts.clock, parts.mounts, parts.controller, parts.sampler,
               /*records=*/nullptr, &high_records_, options_.cpu_weight_mapping,
               parts.observer},
              options_.cgroup_parent),
      reservations_({&registry_, &groups_, parts.sampler}),
      reaper_(*parts.observer),
      resolver_(options_.launch, HasV1(*parts.mounts)),
      exec_({&registry_, parts.launcher, &watcher_, &resolver_,
             [this](const ResourceLimits& limits, LaunchRequest* request) {
               AddProcessLimits(limits, request);
             }}) {}

TaskSupervisor::~TaskSupervisor() { Stop(); }

absl::Status TaskSupervisor::Start() {
  absl::Status status = watcher_.Start();
  if (!status.ok()) return status;
  reaper_.Start();
  delayed_calls_.Start();
  reservations_.Start();
  RestoreMemoryHighs(high_records_, *parts_.mounts);
  status = groups_.Start(parts_.state->path());
  if (!status.ok()) return status;
  status = RecoverAll();
  delayed_calls_.Schedule(kWarmUpAfter, [this] { resolver_.WarmUp(); });
  reservations_.Recover([this](Task& task) { LoseReservation(task); });
  groups_.RemoveUnused();
  return status;
}

void TaskSupervisor::Stop() {
  watcher_.Stop();
  delayed_calls_.Stop();
  reaper_.Stop();
  reservations_.Stop();
}

absl::StatusOr<std::shared_ptr<Task>> TaskSupervisor::Launch(
    TaskSpec spec, HandedStreams streams, bool auto_remove, absl::Duration wait,
    const IsCancelled& is_cancelled) {
  const absl::Duration began = parts_.clock->MonotonicNow();
  if (spec.id.empty()) spec.id = GenerateId();
  absl::Status status = ValidateTaskSpec(spec);
  if (status.ok() && spec.restart.enabled() && streams.any()) {
    status = absl::InvalidArgumentError(
        "a task that is restarted cannot have this caller's standard streams, "
        "which end with it: use --detach, or --restart never");
  }
  if (status.ok()) {
    // From here on everybody sees the executor that it has, not what chose it.
    const absl::StatusOr<Executor> executor =
        resolver_.ChooseExecutor(spec.isolation);
    status = executor.status();
    if (executor.ok()) spec.isolation.executor = *executor;
  }
  if (!status.ok()) {
    parts_.observer->OnLaunch(status, parts_.clock->MonotonicNow() - began);
    return status;
  }
  const auto task = std::make_shared<Task>(std::move(spec), auto_remove);
  status = registry_.Add(task);
  UniqueFd exit_fifo;
  if (status.ok()) {
    Tell(*task, EventType::kCreated);
    status = TryLaunch(task, std::move(streams), is_cancelled, &exit_fifo);
    if (!status.ok()) {
      // While the id is taken: what comes after it is of another task.
      Tell(*task, EventType::kStartFailed,
           {{"error", std::string(status.message())}});
      registry_.Erase(task->id());
    }
  }
  parts_.observer->OnLaunch(status, parts_.clock->MonotonicNow() - began);
  if (status.ok()) KillIfToStop(*task);
  if (status.ok()) status = AwaitShim(task, std::move(exit_fifo), wait);
  if (!status.ok()) return status;
  return task;
}

absl::Status TaskSupervisor::CheckLaunch(TaskSpec spec) {
  absl::Status status = ValidateTaskSpec(spec);
  if (!status.ok()) return status;
  const absl::StatusOr<Executor> executor =
      resolver_.ChooseExecutor(spec.isolation);
  if (!executor.ok()) return executor.status();
  spec.isolation.executor = *executor;
  status = resolver_.ForTask(spec).status();
  if (!status.ok()) return status;
  const absl::StatusOr<std::shared_ptr<Group>> group = groups_.Find(spec.group);
  return TaskCgroup::CheckLimits(
      *parts_.mounts, group.ok() ? (*group)->path() : options_.cgroup_parent,
      spec.limits);
}

absl::Status TaskSupervisor::TryLaunch(const std::shared_ptr<Task>& task,
                                       HandedStreams streams,
                                       const IsCancelled& is_cancelled,
                                       UniqueFd* exit_fifo) {
  const TaskSpec& spec = task->spec();
  LaunchPhases phases(*parts_.clock);
  absl::StatusOr<LaunchRequest> request = resolver_.ForTask(spec);
  if (!request.ok()) return request.status();
  AddProcessLimits(spec.limits, &*request);
  absl::Status status = OpenStreams(spec, std::move(streams), &*request);
  if (!status.ok()) return status;
  request->is_cancelled = is_cancelled;
  phases.End("resolve");

  // Where it may be in several places, the name that was asked for.
  const std::string program =
      request->other_programs.empty() ? request->program : spec.command.front();
  status = MakeTask(
      task, program, is_cancelled,
      [&](TaskCgroup& cgroup, UniqueFd state_dir, absl::Time started_at,
          const BeginMeasuring& measure) {
        request->meanwhile = measure;
        request->state_dir = std::move(state_dir);
        absl::Status opened = OpenStateStreams(spec, &*request);
        if (opened.ok()) opened = PrepareIsolation(spec, cgroup, &*request);
        if (!opened.ok()) return opened;
        if (is_cancelled()) return Cancelled();
        phases.End("prepare");
        absl::StatusOr<LaunchedTask> launched =
            StartProgram(cgroup, spec, spec.limits, *std::move(request));
        if (!launched.ok()) return launched.status();
        phases.EndAt("shim", launched->shim_at);
        phases.EndAt("root", launched->root_at);
        phases.EndAt("program", launched->program_at);
        phases.End("report");
        // Before anybody can do anything to it.
        TellStart(*task, launched->process);
        // A task that has ended already is found out by its exit fifo.
        (void)task->MarkRunning(launched->process, launched->shim, started_at);
        parts_.sampler->SetProcesses(spec.id, launched->process,
                                     launched->shim);
        *exit_fifo = std::move(launched->exit_fifo);
        return absl::OkStatus();
      },
      &phases);
  if (!status.ok()) return status;
  parts_.observer->OnLaunchPhases(phases.list());
  task->SetPhases(phases.list());
  return absl::OkStatus();
}

absl::Status TaskSupervisor::PrepareIsolation(const TaskSpec& spec,
                                              TaskCgroup& cgroup,
                                              LaunchRequest* request) {
  IsolationPlan& plan = request->isolation;
  if (plan.devices.has_value()) {
    absl::Status status = cgroup.RestrictDevices(*plan.devices);
    if (!status.ok()) return status;
  }
  return MountTaskRoot(spec.isolation.root, request->state_dir.get(), &plan);
}

// Each step's undo is declared behind it, so that a failure runs them in
// reverse.
absl::Status TaskSupervisor::MakeTask(const std::shared_ptr<Task>& task,
                                      const std::string& program,
                                      const IsCancelled& is_cancelled,
                                      const Populate& populate,
                                      LaunchPhases* phases) {
  const TaskSpec& spec = task->spec();
  absl::Status status = JoinGroup(*task);
  if (!status.ok()) return status;
  absl::Cleanup undo_group = [this, &task] { LeaveGroup(*task); };
  status = CheckQuotaInGroup(*task, spec.limits);
  if (!status.ok()) return status;
  status = reservations_.Admit(*task);
  if (!status.ok()) return status;
  if (is_cancelled()) return Cancelled();

  absl::StatusOr<UniqueFd> state_dir = parts_.state->CreateTask(
      spec.id, MakeRecord(*task, program, CgroupParentOf(*task),
                          parts_.clock->WallNow()));
  if (!state_dir.ok()) return state_dir.status();
  absl::Cleanup undo_state = [this, &spec] {
    (void)parts_.state->RemoveTask(spec.id);
  };
  if (is_cancelled()) return Cancelled();
  phases->End("record");

  absl::StatusOr<std::shared_ptr<TaskCgroup>> cgroup = CreateCgroup(*task);
  if (!cgroup.ok()) return cgroup.status();
  task->SetCgroup(*cgroup);
  // Its group must not go before it.
  std::move(undo_group).Cancel();
  absl::Cleanup undo_cgroup = [this, &task] { RemoveCgroup(task); };
  status = reservations_.Settle(*task);
  if (!status.ok()) return status;
  if (is_cancelled()) return Cancelled();
  phases->End("cgroup");

  TaskTarget target = MakeTarget(*task, program);
  const absl::Time started_at = target.started_at;
  bool is_measured = false;
  absl::Cleanup undo_sampling = [this, &spec, &is_measured] {
    if (is_measured) parts_.sampler->Drop(spec.id);
  };
  status = populate(**cgroup, *std::move(state_dir), started_at, [&] {
    absl::Status added = parts_.sampler->Add(std::move(target));
    is_measured = added.ok();
    return added;
  });
  if (!status.ok()) return status;
  std::move(undo_sampling).Cancel();
  std::move(undo_cgroup).Cancel();
  std::move(undo_state).Cancel();
  return absl::OkStatus();
}

absl::StatusOr<LaunchedTask> TaskSupervisor::StartProgram(
    TaskCgroup& cgroup, const TaskSpec& spec, const ResourceLimits& limits,
    LaunchRequest request) {
  if (spec.kill_on_agent_exit) {
    absl::Status status = tether_.AddReader(&request.tether);
    if (!status.ok()) return status;
  }
  request.start_timeout = spec.start_timeout;
  absl::StatusOr<CgroupEntry> entry = cgroup.OpenEntry();
  if (!entry.ok()) return entry.status();
  const size_t entered = entry->v1_count;
  request.cgroup = *std::move(entry);
  absl::StatusOr<LaunchedTask> launched =
      parts_.launcher->Launch(std::move(request));
  if (!launched.ok()) return launched.status();
  const absl::Status status = cgroup.FinishEntry(entered);
  if (!status.ok()) {
    (void)cgroup.Kill(kExitAfterKill);
    (void)Launcher::ReapShim(launched->shim);
    return status;
  }
  if (limits.has_process()) cgroup.NoteLaunch(limits);
  return launched;
}

// Those that are not asked for are what the agent began with: it raises its
// own.
void TaskSupervisor::AddProcessLimits(const ResourceLimits& limits,
                                      LaunchRequest* request) const {
  request->oom_score_adj = limits.oom_score_adj;
  request->nice = limits.nice.value_or(options_.task_nice);
  request->scheduling = limits.scheduling;
  request->rlimits = limits.rlimits;
  const bool has_nofile = absl::c_any_of(
      limits.rlimits,
      [](const Rlimit& rlimit) { return rlimit.resource == RLIMIT_NOFILE; });
  if (has_nofile || !options_.task_nofile.has_value()) return;
  request->rlimits.push_back({RLIMIT_NOFILE,
                              BoundOfRlimit(options_.task_nofile->rlim_cur),
                              BoundOfRlimit(options_.task_nofile->rlim_max)});
}

absl::StatusOr<std::shared_ptr<TaskCgroup>> TaskSupervisor::CreateCgroup(
    const Task& task) {
  const std::string path = absl::StrCat(CgroupParentOf(task), "/", task.id());
  if (!reaper_.AwaitGone(path, kOldCgroupTimeout)) {
    return absl::UnavailableError(
        absl::StrCat("cgroup ", path,
                     " of an earlier task of that id is still being removed: "
                     "try again, or take another id"));
  }
  const auto create = [this, &task] {
    const std::string parent = CgroupParentOf(task);
    return TaskCgroup::Create(*parts_.controller, OfferTo(parent), parent,
                              task.id(), task.spec().limits,
                              options_.cpu_weight_mapping);
  };
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup = create();
  // Another process of ours may just have removed the common parent, empty.
  if (absl::IsNotFound(cgroup.status())) cgroup = create();
  if (!cgroup.ok()) return cgroup.status();
  // A task that cannot have them is measured less, and runs all the same.
  (*cgroup)->CountBy(options_.counting_controllers).IgnoreError();
  return std::shared_ptr<TaskCgroup>(*std::move(cgroup));
}

ParentOffer TaskSupervisor::OfferTo(const std::string& parent) {
  ParentOffer offer = TaskCgroup::OfferTo(*parts_.mounts, parent);
  absl::MutexLock lock(&offered_mutex_);
  if (!(offer.mounts == offered_mounts_)) offered_mounts_ = offer.mounts;
  offer.mounts = offered_mounts_;
  return offer;
}

TaskTarget TaskSupervisor::MakeTarget(const Task& task,
                                      const std::string& program) const {
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  TaskTarget target;
  target.id = task.id();
  target.group = task.spec().group;
  target.started_at = parts_.clock->WallNow();
  target.cgroup = WithLaterDirs(cgroup->dirs(), *parts_.mounts, cgroup->path());
  target.limits = cgroup->Limits();
  target.info = {
      {"cgroup", cgroup->path()},
      {"cgroup_layout", parts_.mounts->LayoutName()},
      {"command", program},
      {"user", task.spec().user},
      {"isolation", task.is_adopted()
                        ? "none"
                        : ExecutorText(task.spec().isolation.executor)},
  };
  if (task.spec().restart.enabled()) {
    target.restarts = task.Status().attempt.number - 1;
  }
  return target;
}

absl::Status TaskSupervisor::Signal(const std::string& id,
                                    absl::string_view signal) {
  const absl::StatusOr<int> number = ParseSignal(signal);
  if (!number.ok()) return number.status();
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  absl::Status sent = (*task)->SendSignal(*number);
  if (!sent.ok() || *number != SIGKILL) return sent;
  const std::shared_ptr<TaskCgroup> cgroup = (*task)->cgroup();
  if (cgroup != nullptr && cgroup->FreezingHoldsBackKills()) {
    // It may have ended by now.
    const absl::StatusOr<bool> resumed = (*task)->Resume();
    if (resumed.ok() && *resumed) Tell(**task, EventType::kResumed);
  }
  return absl::OkStatus();
}

absl::Status TaskSupervisor::Pause(const std::string& id) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  const absl::StatusOr<bool> paused = (*task)->Pause(kFreezeTimeout);
  if (paused.ok() && *paused) Tell(**task, EventType::kPaused);
  return paused.status();
}

absl::Status TaskSupervisor::Resume(const std::string& id) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  const absl::StatusOr<bool> resumed = (*task)->Resume();
  if (resumed.ok() && *resumed) Tell(**task, EventType::kResumed);
  return resumed.status();
}

// Those of tasks that are registered from here on are abandoned as they begin.
void TaskSupervisor::AbandonStops() {
  abandons_stops_ = true;
  for (const std::shared_ptr<Task>& task : registry_.List()) {
    task->AbandonStops();
  }
}

absl::StatusOr<ExitStatus> TaskSupervisor::Stop(
    const std::string& id, absl::string_view signal,
    std::optional<absl::Duration> given_grace) {
  absl::StatusOr<int> named = StopMethod::kDefaultSignal;
  if (!signal.empty()) named = ParseSignal(signal);
  if (!named.ok()) return named.status();
  const absl::StatusOr<std::shared_ptr<Task>> found = Find(id);
  if (!found.ok()) return found.status();
  const std::shared_ptr<Task>& task = *found;
  const StopMethod own = task->stop_method();
  const int number = signal.empty() ? own.signal : *named;
  const absl::Duration grace = given_grace.value_or(own.grace);

  task->BeginStop();
  const absl::Cleanup end_stop = [&task] { task->EndStop(); };
  KeepStop(*task);
  const bool is_killed = grace <= absl::ZeroDuration();
  if (!task->Status().exit.has_value()) {
    Tell(*task, EventType::kStopping,
         {{"signal", SignalName(is_killed ? SIGKILL : number)},
          {"grace", absl::FormatDuration(grace)}});
  }
  if (task->ClaimRestart()) {
    const ExitStatus last = *task->Status().attempt.last_exit;
    EndTask(task, last);
    return last;
  }
  if (!is_killed) {
    // It may end by itself between any two of these lines.
    (void)task->SendSignal(number);
    if (task->ThawForStop()) Tell(*task, EventType::kResumed);
    if (abandons_stops_) task->AbandonStops();
    const std::optional<ExitStatus> exit = task->AwaitStop(grace);
    if (exit.has_value()) return *exit;
    if (abandons_stops_) return Abandoned(id, number);
  }
  task->BeginKill();
  const std::shared_ptr<TaskCgroup> cgroup = task->cgroup();
  if (cgroup != nullptr) {
    const absl::Status killed = cgroup->Kill(kExitAfterKill);
    if (!killed.ok()) reaper_.Add(cgroup);
  }
  const std::optional<ExitStatus> exit = task->AwaitStop(kExitAfterKill);
  if (exit.has_value()) return *exit;
  if (abandons_stops_) return Abandoned(id, SIGKILL);
  return absl::DeadlineExceededError(
      absl::StrCat("task ", id, " was killed but has not gone after ",
                   absl::FormatDuration(kExitAfterKill),
                   "; trying goes on in the background"));
}

absl::Status TaskSupervisor::Remove(const std::string& id) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  if ((*task)->Status().state != TaskState::kExited) {
    return absl::FailedPreconditionError(absl::StrCat(
        "task ", id, " is running: \"reeve stop ", id, "\" first"));
  }
  absl::Status status = parts_.state->RemoveTask(id);
  if (!status.ok()) return status;
  // While the id is taken: what comes after it is of another task.
  Tell(**task, EventType::kRemoved);
  registry_.Erase(id);
  return absl::OkStatus();
}

}  // namespace reeve
