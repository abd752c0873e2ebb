#include "agent/tasks/task_supervisor.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/api/convert.h"
#include "agent/tasks/pidfd.h"
#include "base/file.h"
#include "base/signal_name.h"
#include "enforcement/launch/shim_log.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// After everything in a cgroup was killed: how long its end may take before a
// caller is told so.
constexpr absl::Duration kExitAfterKill = absl::Seconds(15);
// A cgroup is busy for a moment after its last process; longer is left to the
// reaper.
constexpr absl::Duration kQuickRemoval = absl::Milliseconds(20);

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
  return record;
}

// Why a shim left no exit status: its own words, or that it was killed.
std::string WhyUnknown(const absl::StatusOr<UniqueFd>& task_dir) {
  if (task_dir.ok()) {
    const absl::StatusOr<std::string> log =
        ReadFileAt(task_dir->get(), "shim.log");
    const std::string error = log.ok() ? FirstShimError(*log) : "";
    if (!error.empty()) return absl::StrCat("its shim failed: ", error);
  }
  return "its shim was killed";
}

}  // namespace

TaskSupervisor::TaskSupervisor(Parts parts, Options options)
    : parts_(parts), options_(std::move(options)), reaper_(*parts.observer) {}

TaskSupervisor::~TaskSupervisor() { Stop(); }

absl::Status TaskSupervisor::Start() {
  absl::Status status = watcher_.Start();
  if (!status.ok()) return status;
  reaper_.Start();
  return RecoverAll();
}

void TaskSupervisor::Stop() {
  watcher_.Stop();
  reaper_.Stop();
}

absl::StatusOr<std::shared_ptr<Task>> TaskSupervisor::Launch(
    TaskSpec spec, HandedStreams streams, bool auto_remove) {
  const absl::Duration began = parts_.clock->MonotonicNow();
  if (spec.id.empty()) spec.id = GenerateId();
  absl::Status status = ValidateTaskSpec(spec);
  if (!status.ok()) {
    parts_.observer->OnLaunch(status, parts_.clock->MonotonicNow() - began);
    return status;
  }
  const auto task = std::make_shared<Task>(std::move(spec), auto_remove);
  status = registry_.Add(task);
  if (status.ok()) {
    status = TryLaunch(task, std::move(streams));
    if (!status.ok()) registry_.Erase(task->id());
  }
  parts_.observer->OnLaunch(status, parts_.clock->MonotonicNow() - began);
  if (!status.ok()) return status;
  return task;
}

// Each step's undo is declared behind it, so that a failure runs them in
// reverse.
absl::Status TaskSupervisor::TryLaunch(const std::shared_ptr<Task>& task,
                                       HandedStreams streams) {
  const TaskSpec& spec = task->spec();
  absl::StatusOr<LaunchRequest> request = ResolveLaunch(spec);
  if (!request.ok()) return request.status();
  request->nofile = options_.task_nofile;
  request->nice = options_.task_nice;
  absl::Status status = OpenStreams(spec, std::move(streams), &*request);
  if (!status.ok()) return status;
  const std::string program = request->program;

  absl::StatusOr<UniqueFd> state_dir = parts_.state->CreateTask(
      spec.id, MakeRecord(*task, program, options_.cgroup_parent,
                          parts_.clock->WallNow()));
  if (!state_dir.ok()) return state_dir.status();
  absl::Cleanup undo_state = [this, &spec] {
    (void)parts_.state->RemoveTask(spec.id);
  };
  request->state_dir = *std::move(state_dir);

  absl::StatusOr<std::shared_ptr<TaskCgroup>> cgroup = CreateCgroup(spec);
  if (!cgroup.ok()) return cgroup.status();
  task->SetCgroup(*cgroup);
  absl::Cleanup undo_cgroup = [this, &task] { RemoveCgroup(task); };
  absl::StatusOr<CgroupEntry> entry = (*cgroup)->OpenEntry();
  if (!entry.ok()) return entry.status();
  request->cgroup = *std::move(entry);

  TaskTarget target = MakeTarget(*task, program);
  const absl::Time started_at = target.started_at;
  status = parts_.sampler->Add(std::move(target));
  if (!status.ok()) return status;
  absl::Cleanup undo_sampling = [this, &spec] {
    parts_.sampler->Drop(spec.id);
  };

  absl::StatusOr<LaunchedTask> launched =
      parts_.launcher->Launch(*std::move(request));
  if (!launched.ok()) return launched.status();

  std::move(undo_sampling).Cancel();
  std::move(undo_cgroup).Cancel();
  std::move(undo_state).Cancel();
  // A task that has ended already is found out by its exit fifo.
  (void)task->MarkRunning(launched->process, launched->shim, started_at);
  parts_.sampler->SetProcesses(task->id(), launched->process, launched->shim);
  return WatchShim(task, std::move(launched->exit_fifo));
}

absl::StatusOr<std::shared_ptr<TaskCgroup>> TaskSupervisor::CreateCgroup(
    const TaskSpec& spec) {
  const auto create = [this, &spec] {
    return TaskCgroup::Create(*parts_.controller, *parts_.mounts,
                              options_.cgroup_parent, spec.id, spec.limits,
                              options_.cpu_weight_mapping);
  };
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup = create();
  // Another process of ours may just have removed the common parent, empty.
  if (absl::IsNotFound(cgroup.status())) cgroup = create();
  if (!cgroup.ok()) return cgroup.status();
  return std::shared_ptr<TaskCgroup>(*std::move(cgroup));
}

TaskTarget TaskSupervisor::MakeTarget(const Task& task,
                                      const std::string& program) const {
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  TaskTarget target;
  target.id = task.id();
  target.group = task.spec().group;
  target.started_at = parts_.clock->WallNow();
  target.cgroup = cgroup->dirs();
  target.limits = cgroup->Limits();
  target.info = {
      {"cgroup", cgroup->path()},
      {"cgroup_layout", parts_.mounts->LayoutName()},
      {"command", program},
      {"user", task.spec().user},
      {"isolation", "universal"},
  };
  return target;
}

absl::Status TaskSupervisor::WatchShim(const std::shared_ptr<Task>& task,
                                       UniqueFd exit_fifo) {
  return watcher_.Watch(std::move(exit_fifo),
                        [this, task] { OnShimGone(task); });
}

void TaskSupervisor::OnShimGone(const std::shared_ptr<Task>& task) {
  const TaskStatus status = task->Status();
  if (status.shim.pid != 0) (void)Launcher::ReapShim(status.shim);

  absl::StatusOr<ExitStatus> exit = absl::NotFoundError("no state directory");
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(task->id());
  if (dir.ok()) {
    const absl::StatusOr<std::string> text =
        ReadFileAt(dir->get(), "exitStatus");
    exit = text.ok() ? ParseExitStatusFile(*text) : text.status();
  }
  if (exit.ok()) return FinishExit(task, *std::move(exit));

  const std::string reason = WhyUnknown(dir);
  // The shim died before its task: the task goes on, and only its end can be
  // known, not how.
  LOG(WARNING) << "the shim of task " << task->id() << " is gone: " << reason;
  absl::StatusOr<UniqueFd> pidfd = OpenPidfd(status.process);
  if (pidfd.ok()) {
    const absl::Status watching =
        watcher_.Watch(*std::move(pidfd), [this, task, reason] {
          FinishExit(task, UnknownExit(reason, parts_.clock->WallNow()));
        });
    if (watching.ok()) return;
  }
  FinishExit(task, UnknownExit(reason, parts_.clock->WallNow()));
}

void TaskSupervisor::FinishExit(const std::shared_ptr<Task>& task,
                                ExitStatus exit) {
  const std::shared_ptr<TaskCgroup> cgroup = task->cgroup();
  uint64_t oom_kills = 0;
  if (cgroup != nullptr) {
    const absl::StatusOr<uint64_t> kills = cgroup->OomKills();
    if (kills.ok()) oom_kills = *kills;
  }
  exit.oom_killed = oom_kills > 0;
  (void)parts_.sampler->TakeFinal(task->id());
  RemoveCgroup(task);
  parts_.observer->OnExit(exit, oom_kills);
  task->MarkExited(exit);
  ForgetOldExits();
}

void TaskSupervisor::RemoveCgroup(const std::shared_ptr<Task>& task) {
  std::shared_ptr<TaskCgroup> cgroup = task->cgroup();
  if (cgroup == nullptr) return;
  const absl::StatusOr<bool> populated = cgroup->Populated();
  if (populated.ok() && !*populated && cgroup->Remove(kQuickRemoval).ok()) {
    return;
  }
  reaper_.Add(std::move(cgroup));
}

void TaskSupervisor::ForgetOldExits() {
  if (registry_.size() <= options_.max_exited_tasks) return;
  std::vector<std::pair<absl::Time, std::string>> exited;
  for (const std::shared_ptr<Task>& task : registry_.List()) {
    const TaskStatus status = task->Status();
    if (status.exit.has_value()) {
      exited.emplace_back(status.exit->exited_at, task->id());
    }
  }
  if (exited.size() <= options_.max_exited_tasks) return;
  std::sort(exited.begin(), exited.end());
  exited.resize(exited.size() - options_.max_exited_tasks);
  for (const auto& [time, id] : exited) (void)Remove(id);
}

absl::Status TaskSupervisor::Signal(const std::string& id,
                                    absl::string_view signal) {
  const absl::StatusOr<int> number = ParseSignal(signal);
  if (!number.ok()) return number.status();
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  return (*task)->SendSignal(*number);
}

absl::StatusOr<ExitStatus> TaskSupervisor::Stop(const std::string& id,
                                                absl::string_view signal,
                                                absl::Duration grace) {
  const absl::StatusOr<int> number =
      ParseSignal(signal.empty() ? "SIGINT" : signal);
  if (!number.ok()) return number.status();
  const absl::StatusOr<std::shared_ptr<Task>> found = Find(id);
  if (!found.ok()) return found.status();
  const std::shared_ptr<Task>& task = *found;

  if (grace > absl::ZeroDuration()) {
    // It may end by itself between any two of these lines.
    (void)task->SendSignal(*number);
    const std::optional<ExitStatus> exit = task->WaitForExit(grace);
    if (exit.has_value()) return *exit;
  }
  const std::shared_ptr<TaskCgroup> cgroup = task->cgroup();
  if (cgroup != nullptr) {
    const absl::Status killed = cgroup->Kill(kExitAfterKill);
    if (!killed.ok()) reaper_.Add(cgroup);
  }
  const std::optional<ExitStatus> exit = task->WaitForExit(kExitAfterKill);
  if (exit.has_value()) return *exit;
  return absl::DeadlineExceededError(
      absl::StrCat("task ", id, " was killed but has not gone after ",
                   absl::FormatDuration(kExitAfterKill),
                   "; trying goes on in the background"));
}

absl::StatusOr<std::vector<LimitSetting>> TaskSupervisor::Update(
    const std::string& id, const ResourceLimits& limits) {
  const absl::Duration began = parts_.clock->MonotonicNow();
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  const absl::Status valid = ValidateLimits(limits);
  if (!valid.ok()) return valid;

  const std::shared_ptr<TaskCgroup> cgroup = (*task)->cgroup();
  const auto has_exited = [&id] {
    return absl::FailedPreconditionError(
        absl::StrCat("task ", id, " has exited: its limits are gone with it"));
  };
  if (cgroup == nullptr) return has_exited();
  absl::StatusOr<std::vector<LimitSetting>> changed = cgroup->Update(limits);
  parts_.observer->OnUpdate(limits, changed.status(),
                            parts_.clock->MonotonicNow() - began);
  if (!changed.ok()) {
    if ((*task)->Status().state == TaskState::kExited) return has_exited();
    return changed.status();
  }
  parts_.sampler->SetLimits(id, cgroup->Limits());
  return changed;
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
  registry_.Erase(id);
  return absl::OkStatus();
}

}  // namespace reeve
