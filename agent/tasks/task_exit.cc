// How a task ends: its shim hangs up, or goes before it, and what follows from
// there to the last sample, the cgroup's removal and the waiters.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/tasks/pidfd_exit.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "base/regular_file.h"
#include "enforcement/launch/shim_log.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// A cgroup is busy for a moment after its last process; longer is left to the
// reaper.
constexpr absl::Duration kQuickRemoval = absl::Milliseconds(20);

// How long whoever adopted a process without a shim may take to reap it before
// its end counts as unknown, and how often that is looked at.
constexpr absl::Duration kReapedWithin = absl::Seconds(5);
constexpr absl::Duration kReapedCheck = absl::Milliseconds(50);

// Why a shim left no exit status: its own words, or that it was killed.
std::string WhyUnknown(const Task& task,
                       const absl::StatusOr<UniqueFd>& task_dir) {
  if (task.is_adopted()) return "it was adopted";
  if (task_dir.ok()) {
    const absl::StatusOr<std::string> log =
        ReadRegularFileAt(task_dir->get(), "shim.log");
    const std::string error = log.ok() ? FirstShimError(*log) : "";
    if (!error.empty()) return absl::StrCat("its shim failed: ", error);
  }
  return "its shim was killed";
}

}  // namespace

absl::Status TaskSupervisor::AwaitShim(const std::shared_ptr<Task>& task,
                                       UniqueFd exit_fifo,
                                       absl::Duration wait) {
  if (wait <= absl::ZeroDuration() || !HangsUp(exit_fifo, wait)) {
    return WatchShim(task, std::move(exit_fifo));
  }
  OnShimGone(task);
  return absl::OkStatus();
}

absl::Status TaskSupervisor::WatchShim(const std::shared_ptr<Task>& task,
                                       UniqueFd exit_fifo) {
  return watcher_.Watch(std::move(exit_fifo),
                        [this, task] { OnShimGone(task); });
}

void TaskSupervisor::OnShimGone(const std::shared_ptr<Task>& task) {
  absl::StatusOr<ExitStatus> exit = absl::NotFoundError("no state directory");
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(task->id());
  if (dir.ok()) {
    const absl::StatusOr<std::string> text =
        ReadRegularFileAt(dir->get(), "exitStatus");
    exit = text.ok() ? ParseExitStatusFile(*text) : text.status();
  }
  if (!dir.ok()) exit = dir.status();
  if (exit.ok()) return FinishExit(task, *std::move(exit));
  if (absl::IsResourceExhausted(exit.status())) {
    return TryAgain(task, exit.status(), [this, task] { OnShimGone(task); });
  }

  ReapShim(*task);
  const std::string reason = WhyUnknown(*task, dir);
  if (task->is_adopted()) return WatchWithoutShim(task, reason);
  // The shim died before its task, which goes on and is watched by itself.
  LOG(WARNING) << "the shim of task " << task->id() << " is gone: " << reason;
  Tell(*task, EventType::kShimLost, {{"reason", reason}});
  WatchWithoutShim(task, reason);
}

void TaskSupervisor::WatchWithoutShim(const std::shared_ptr<Task>& task,
                                      const std::string& reason) {
  absl::StatusOr<UniqueFd> pidfd = task->DuplicatePidfd();
  absl::Status watching = pidfd.status();
  if (pidfd.ok()) {
    watching = watcher_.Watch(*std::move(pidfd), [this, task, reason] {
      FindOutExit(task, reason, absl::Now() + kReapedWithin);
    });
  }
  if (watching.ok()) return;
  if (absl::IsResourceExhausted(watching)) {
    return TryAgain(task, watching,
                    [this, task, reason] { WatchWithoutShim(task, reason); });
  }
  FinishExit(task, UnknownExit(reason, parts_.clock->WallNow()));
}

void TaskSupervisor::TryAgain(const std::shared_ptr<Task>& task,
                              const absl::Status& reason,
                              std::function<void()> call) {
  LOG(WARNING) << "task " << task->id()
               << " is looked at again later: " << reason.message();
  delayed_calls_.Schedule(kExhaustedRetry, std::move(call));
}

void TaskSupervisor::FindOutExit(const std::shared_ptr<Task>& task,
                                 const std::string& reason, absl::Time until) {
  const absl::Time now = parts_.clock->WallNow();
  const absl::StatusOr<UniqueFd> pidfd = task->DuplicatePidfd();
  const absl::StatusOr<int> wait_status =
      pidfd.ok() ? ReadWaitStatus(*pidfd) : pidfd.status();
  if (wait_status.ok()) {
    return FinishExit(task, ExitStatusFromWait(*wait_status, now));
  }
  if (absl::IsResourceExhausted(wait_status.status())) {
    return TryAgain(task, wait_status.status(), [this, task, reason, until] {
      FindOutExit(task, reason, until);
    });
  }
  if (absl::IsUnavailable(wait_status.status()) && absl::Now() < until) {
    delayed_calls_.Schedule(kReapedCheck, [this, task, reason, until] {
      FindOutExit(task, reason, until);
    });
    return;
  }
  FinishExit(task, UnknownExit(absl::StrCat(reason, "; ",
                                            wait_status.status().message()),
                               now));
}

void TaskSupervisor::ReapShim(const Task& task) {
  const ProcessIdentity shim = task.Status().shim;
  if (shim.pid != 0) (void)Launcher::ReapShim(shim);
}

uint64_t TaskSupervisor::OomKillsOf(const Task& task) {
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  if (cgroup == nullptr) return 0;
  return cgroup->OomKills().value_or(0);
}

void TaskSupervisor::FinishExit(const std::shared_ptr<Task>& task,
                                ExitStatus exit) {
  const uint64_t before = task->Status().attempt.oom_kills_before;
  const uint64_t all = OomKillsOf(*task);
  exit.oom_killed = all > before;
  // By now it has got from its last descriptor to its end.
  ReapShim(*task);
  parts_.observer->OnExit(exit);
  TellOomKills(*task, all);
  if (!RestartLater(task, exit)) EndTask(task, exit);
}

void TaskSupervisor::EndTask(const std::shared_ptr<Task>& task,
                             const ExitStatus& exit) {
  (void)parts_.sampler->TakeFinal(task->id());
  RemoveCgroup(task);
  TellExit(*task, exit);
  task->MarkExited(exit);
  ForgetOldExits();
}

void TaskSupervisor::RemoveCgroup(const std::shared_ptr<Task>& task) {
  std::shared_ptr<TaskCgroup> cgroup = task->cgroup();
  if (cgroup == nullptr) return;
  const absl::StatusOr<bool> populated = cgroup->Populated();
  if (populated.ok() && !*populated && cgroup->Remove(kQuickRemoval).ok()) {
    OnCgroupGone(*task);
    return;
  }
  reaper_.Add(std::move(cgroup), [this, task] { OnCgroupGone(*task); });
}

void TaskSupervisor::OnCgroupGone(Task& task) {
  reservations_.Release(task);
  LeaveGroup(task);
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

}  // namespace reeve
