// How a task with a restart policy goes from one attempt to the next: in the
// cgroup that it has, with its limits and counters.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/api/convert.h"
#include "agent/state/attempt_files.h"
#include "agent/tasks/task_streams.h"
#include "agent/tasks/task_supervisor.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// What an attempt left behind may take so long to go.
constexpr absl::Duration kLeftoversTimeout = absl::Seconds(2);

state::AttemptRecord MakeRecord(const TaskStatus& status, absl::Time now,
                                bool stopped) {
  const AttemptStatus& attempt = status.attempt;
  state::AttemptRecord record;
  record.set_version(1);
  record.set_attempt(attempt.number);
  record.set_restarts_in_row(attempt.restarts_in_row);
  *record.mutable_started_at() = ToProto(now);
  if (attempt.last_exit.has_value()) {
    *record.mutable_last_exit() = ToProto(*attempt.last_exit);
  }
  record.set_oom_kills_before(attempt.oom_kills_before);
  record.set_stopped(stopped);
  return record;
}

AttemptStatus StatusOf(const state::AttemptRecord& record) {
  AttemptStatus attempt;
  attempt.number = record.attempt();
  attempt.restarts_in_row = record.restarts_in_row();
  attempt.oom_kills_before = record.oom_kills_before();
  if (record.has_last_exit()) {
    attempt.last_exit = ExitStatusFromProto(record.last_exit());
  }
  return attempt;
}

// Whether its record says which attempt it is in, and whether it was stopped:
// of a task that is restarted, and of one of a file, which has failed if it
// ended badly without that.
bool KeepsAttempts(const TaskSpec& spec) {
  return spec.restart.enabled() || !spec.origin.empty();
}

}  // namespace

bool TaskSupervisor::RestartLater(const std::shared_ptr<Task>& task,
                                  const ExitStatus& exit) {
  const TaskStatus status = task->Status();
  const std::shared_ptr<TaskCgroup> cgroup = task->cgroup();
  if (cgroup == nullptr) return false;
  uint32_t in_row = status.attempt.restarts_in_row;
  const absl::Time now = parts_.clock->WallNow();
  const std::optional<absl::Duration> delay =
      NextRestart(task->spec().restart, exit, now - status.started_at, &in_row);
  if (!delay.has_value()) return false;
  if (!task->MarkRestarting(exit, in_row, now + *delay)) return false;

  // Without a shim, what the main process left may still be there.
  (void)cgroup->Kill(absl::ZeroDuration());
  parts_.sampler->SetProcesses(task->id(), {}, {});
  TellExit(*task, exit);
  Tell(*task, EventType::kRestarting,
       {{"attempt", absl::StrCat(status.attempt.number + 1)},
        {"delay", absl::FormatDuration(*delay)}});
  LOG(INFO) << "task " << task->id() << " ended with code " << exit.code
            << "; attempt " << status.attempt.number + 1 << " follows in "
            << absl::FormatDuration(*delay);
  // A task that is forgotten meanwhile is not held.
  delayed_calls_.Schedule(*delay, [this, waiting = std::weak_ptr(task)] {
    const std::shared_ptr<Task> still_there = waiting.lock();
    if (still_there != nullptr) Restart(still_there);
  });
  return true;
}

void TaskSupervisor::Restart(const std::shared_ptr<Task>& task) {
  const absl::Duration began = parts_.clock->MonotonicNow();
  if (!task->ClaimRestart()) return;
  task->BeginAttempt(OomKillsOf(*task));
  parts_.sampler->SetRestarts(task->id(), task->Status().attempt.number - 1);
  UniqueFd exit_fifo;
  absl::Status status = TryAttempt(task, &exit_fifo);
  parts_.observer->OnLaunch(status, parts_.clock->MonotonicNow() - began);
  if (status.ok()) {
    KillIfToStop(*task);
    status = WatchShim(task, std::move(exit_fifo));
  }
  if (status.ok()) return;
  FinishExit(task, UnknownExit(absl::StrCat("it could not be started again: ",
                                            status.message()),
                               parts_.clock->WallNow()));
}

absl::Status TaskSupervisor::TryAttempt(const std::shared_ptr<Task>& task,
                                        UniqueFd* exit_fifo) {
  const TaskSpec& spec = task->spec();
  absl::StatusOr<LaunchRequest> request = resolver_.ForTask(spec);
  if (!request.ok()) return request.status();
  absl::Status status = OpenStreams(spec, {}, &*request);
  if (!status.ok()) return status;
  const std::shared_ptr<TaskCgroup> cgroup = task->cgroup();
  if (cgroup == nullptr) return absl::CancelledError("its cgroup is gone");
  status = ClearCgroup(*cgroup);
  if (!status.ok()) return status;
  cgroup->EnterByWriting();
  status = BeginAttemptOnDisk(*task, &*request);
  if (status.ok()) status = OpenStateStreams(spec, &*request);
  if (status.ok()) status = PrepareIsolation(spec, *cgroup, &*request);
  if (!status.ok()) return status;

  // No update comes between the limits that the program gets and those that
  // are asked for.
  absl::MutexLock lock(&task->update_mutex());
  AddProcessLimits(task->AskedLimits(), &*request);
  absl::StatusOr<LaunchedTask> launched =
      StartProgram(*cgroup, spec, task->AskedLimits(), *std::move(request));
  if (!launched.ok()) return launched.status();
  TellStart(*task, launched->process);
  (void)task->MarkRunning(launched->process, launched->shim,
                          parts_.clock->WallNow());
  parts_.sampler->SetProcesses(task->id(), launched->process, launched->shim);
  *exit_fifo = std::move(launched->exit_fifo);
  return absl::OkStatus();
}

absl::Status TaskSupervisor::ClearCgroup(TaskCgroup& cgroup) {
  absl::Status status = cgroup.Thaw();
  if (!status.ok()) return status;
  const absl::StatusOr<bool> populated = cgroup.Populated();
  if (populated.ok() && !*populated) return absl::OkStatus();
  status = cgroup.Kill(kLeftoversTimeout);
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrCat("processes of the attempt before are still there: ",
                   status.message()));
}

// The record comes first: an agent that ends in between leaves files that are
// taken for those of an attempt that has just ended.
absl::Status TaskSupervisor::BeginAttemptOnDisk(const Task& task,
                                                LaunchRequest* request) const {
  absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(task.id());
  if (!dir.ok()) return dir.status();
  absl::Status kept = WriteAttempt(
      dir->get(),
      MakeRecord(task.Status(), parts_.clock->WallNow(), /*stopped=*/false));
  if (!kept.ok()) return kept;
  RemoveLaunchFiles(dir->get());
  request->state_dir = *std::move(dir);
  return absl::OkStatus();
}

void TaskSupervisor::KeepStop(const Task& task) const {
  if (!KeepsAttempts(task.spec())) return;
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(task.id());
  if (!dir.ok()) return;
  const TaskStatus status = task.Status();
  const absl::Status kept =
      WriteAttempt(dir->get(), MakeRecord(status, status.started_at, true));
  if (kept.ok()) return;
  LOG(WARNING) << "task " << task.id() << ": an agent that is started again "
               << "will not know that it was stopped: " << kept.message();
}

void TaskSupervisor::KillIfToStop(const Task& task) const {
  if (!task.IsToStop()) return;
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  if (cgroup != nullptr) (void)cgroup->Kill(absl::ZeroDuration());
}

absl::StatusOr<std::optional<absl::Time>> TaskSupervisor::RecallAttempt(
    Task& task, int dir_fd, bool has_run) {
  if (!KeepsAttempts(task.spec())) return std::nullopt;
  const absl::StatusOr<state::AttemptRecord> record = ReadAttempt(dir_fd);
  if (absl::IsResourceExhausted(record.status())) return record.status();
  if (!record.ok()) {
    if (!absl::IsNotFound(record.status())) {
      LOG(WARNING) << "task " << task.id()
                   << ": its attempts are lost: " << record.status().message();
    }
    return std::nullopt;
  }
  const absl::Time began = TimeFromProto(record->started_at());
  AttemptStatus attempt = StatusOf(*record);
  // What never ran is none of those that the bound is for.
  if (!has_run && attempt.restarts_in_row > 0) --attempt.restarts_in_row;
  task.RecallAttempt(attempt, began, record->stopped());
  return began;
}

}  // namespace reeve
