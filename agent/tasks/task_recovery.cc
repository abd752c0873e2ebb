// How a starting agent takes over what an earlier one left in the state
// directory. Nothing is believed from a stored pid alone, and an outcome that
// cannot be known is reported as unknown.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "agent/api/convert.h"
#include "agent/api/limits_convert.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "collectors/procfs/process_tree.h"
#include "enforcement/cgroup/parent_offer.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// The `exit` fifo of a task, opened so that nothing blocks. Nothing else can be
// watched.
absl::StatusOr<UniqueFd> OpenExitFifo(int dir_fd) {
  absl::StatusOr<UniqueFd> fifo =
      OpenAt(dir_fd, "exit", O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  struct stat info;
  if (fifo.ok() &&
      (fstat(fifo->get(), &info) != 0 || !S_ISFIFO(info.st_mode))) {
    return absl::DataLossError("exit is no fifo");
  }
  return fifo;
}

// A fifo without a writer reads as its end; with one there is nothing to read.
bool HasWriter(const UniqueFd& fifo) {
  char byte;
  return read(fifo.get(), &byte, 1) != 0;
}

// The shim of a task's main process; pid 0 if it cannot be known. As long as
// the shim writes to the fifo, it is the parent and not whoever adopts orphans.
ProcessIdentity FindShim(const ProcessIdentity& process, const UniqueFd& fifo) {
  const absl::StatusOr<UniqueFd> procfs = OpenDirAt(AT_FDCWD, "/proc");
  if (!procfs.ok()) return {};
  const ProcessIdentity parent = ParentOf(procfs->get(), process);
  return HasWriter(fifo) ? parent : ProcessIdentity();
}

// What the task was to have when the agent ended; nullopt if that is what its
// spec says.
absl::StatusOr<std::optional<ResourceLimits>> UpdatedLimits(
    int dir_fd, const std::string& id) {
  const absl::StatusOr<v1::Limits> kept = ReadTaskLimits(dir_fd);
  if (absl::IsNotFound(kept.status())) return std::nullopt;
  absl::StatusOr<ResourceLimits> limits =
      kept.ok() ? LimitsFromProto(*kept) : kept.status();
  if (limits.ok()) return *std::move(limits);
  if (absl::IsResourceExhausted(limits.status())) return limits.status();
  LOG(WARNING) << "task " << id << ": what updates asked for is lost: "
               << limits.status().message();
  return std::nullopt;
}

// Whether the files of a task say that it never ran. Other errors are of this
// agent, as when it can open no more files: no reason to end a task.
bool IsCutShort(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsDataLoss(status);
}

// Threads beside the caller's that so many tasks are worth.
size_t HelpersFor(size_t tasks) {
  constexpr size_t kTasksEach = 16;
  constexpr size_t kMost = 7;
  const size_t cores = std::max(std::thread::hardware_concurrency(), 1U);
  return std::min({tasks / kTasksEach, cores - 1, kMost});
}

TaskOrigin OriginOf(const state::TaskRecord& record) {
  if (record.adopted_tree()) return TaskOrigin::kAdoptedTree;
  return record.adopted() ? TaskOrigin::kAdopted : TaskOrigin::kLaunched;
}

}  // namespace

// What each parent offers, looked at once: most tasks have the same.
class TaskSupervisor::ParentOffers {
 public:
  explicit ParentOffers(const CgroupMounts& mounts) : mounts_(mounts) {}

  const ParentOffer& To(const std::string& parent) {
    const absl::MutexLock lock(&mutex_);
    auto it = offers_.find(parent);
    if (it == offers_.end()) {
      it = offers_.emplace(parent, TaskCgroup::OfferTo(mounts_, parent)).first;
    }
    return it->second;
  }

 private:
  const CgroupMounts& mounts_;
  absl::Mutex mutex_;
  // What it holds stays where it is.
  std::map<std::string, ParentOffer> offers_ ABSL_GUARDED_BY(mutex_);
};

absl::Status TaskSupervisor::RecoverAll() {
  const absl::StatusOr<std::vector<std::string>> ids = parts_.state->TaskIds();
  if (!ids.ok()) return ids.status();
  ParentOffers offers(*parts_.mounts);
  std::atomic<size_t> next{0};
  const auto recover_rest = [this, &ids, &offers, &next] {
    for (size_t i = next++; i < ids->size(); i = next++) {
      RecoverOrRemove((*ids)[i], offers);
    }
  };
  // Most of it is spent in the kernel, each task by itself.
  std::vector<std::thread> helpers;
  helpers.reserve(HelpersFor(ids->size()));
  for (size_t i = 0; i < HelpersFor(ids->size()); ++i) {
    helpers.emplace_back(recover_rest);
  }
  recover_rest();
  for (std::thread& helper : helpers) helper.join();
  return absl::OkStatus();
}

void TaskSupervisor::RecoverOrRemove(const std::string& id,
                                     ParentOffers& offers) {
  const absl::Status is_task = parts_.state->CheckTask(id);
  if (!is_task.ok()) {
    LOG(WARNING) << "left alone: " << is_task.message();
    return;
  }
  const absl::Status status = Recover(id, offers);
  if (status.ok()) return;
  if (absl::IsResourceExhausted(status)) {
    LOG(WARNING) << "task " << id
                 << " of an earlier agent is taken over later: "
                 << status.message();
    delayed_calls_.Schedule(kExhaustedRetry, [this, id] {
      ParentOffers offers_then(*parts_.mounts);
      RecoverOrRemove(id, offers_then);
    });
    return;
  }
  if (!IsCutShort(status)) {
    LOG(ERROR) << "task " << id
               << " of an earlier agent is left as it is: " << status.message();
    return;
  }
  LOG(WARNING) << "task " << id
               << " of an earlier agent was not started: " << status.message();
  RemoveHalfMade(id);
}

absl::Status TaskSupervisor::Recover(const std::string& id,
                                     ParentOffers& offers) {
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  if (!dir.ok()) return dir.status();
  const absl::StatusOr<state::TaskRecord> record =
      ReadTaskRecord(dir->get(), id);
  if (!record.ok()) return record.status();
  absl::StatusOr<TaskSpec> spec = SpecFromProto(record->spec());
  if (!spec.ok()) return spec.status();
  const auto task = std::make_shared<Task>(
      *std::move(spec), record->auto_remove(), OriginOf(*record));
  const absl::StatusOr<ProcessIdentity> process = ReadTaskProcess(dir->get());
  const absl::StatusOr<std::optional<absl::Time>> attempt_began =
      RecallAttempt(*task, dir->get(), process.ok());
  if (!attempt_began.ok()) return attempt_began.status();
  // Only a restart has no process and is no launch cut short.
  if (!process.ok() && !attempt_began->has_value()) return process.status();
  if (absl::IsResourceExhausted(process.status())) return process.status();
  const absl::StatusOr<bool> is_of_this_boot = IsFromThisBoot(dir->get());
  if (!is_of_this_boot.ok()) return is_of_this_boot.status();
  const absl::StatusOr<std::optional<ResourceLimits>> updated =
      UpdatedLimits(dir->get(), id);
  if (!updated.ok()) return updated.status();
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup = TaskCgroup::Open(
      *parts_.controller, *parts_.mounts, offers.To(record->cgroup_parent()),
      record->cgroup_parent(), id, options_.cpu_weight_mapping);
  if (absl::IsResourceExhausted(cgroup.status())) return cgroup.status();
  // From here on it is this agent's.
  absl::Status status = registry_.Add(task);
  if (!status.ok()) return status;
  if (updated->has_value()) {
    absl::MutexLock lock(&task->update_mutex());
    task->SetAskedLimits(**updated);
  }
  if (cgroup.ok()) {
    RecoverCgroup(task, *record, process.value_or(ProcessIdentity()),
                  *std::move(cgroup));
  }
  if (!*is_of_this_boot) {
    TellAdopted(*task);
    FinishExit(task, UnknownExit(kRebooted, parts_.clock->WallNow()));
    return absl::OkStatus();
  }
  if (!process.ok()) {
    FinishExit(task, UnknownExit("the agent ended while it was started again",
                                 parts_.clock->WallNow()));
    return absl::OkStatus();
  }
  return RecoverRun(
      task, *process,
      attempt_began->value_or(TimeFromProto(record->created_at())));
}

void TaskSupervisor::RecoverCgroup(const std::shared_ptr<Task>& task,
                                   const state::TaskRecord& record,
                                   const ProcessIdentity& process,
                                   std::unique_ptr<TaskCgroup> cgroup) {
  {
    absl::MutexLock lock(&task->update_mutex());
    cgroup->Recall(task->AskedLimits());
  }
  if (task->Status().attempt.number > 1) cgroup->EnterByWriting();
  if (task->is_adopted()) TakeInAgain(*task, process, *cgroup);
  // The agent that was there then has told.
  const absl::StatusOr<uint64_t> kills = cgroup->OomKills();
  if (kills.ok()) (void)task->TellOomKills(*kills);
  task->SetCgroup(std::move(cgroup));
  task->SetGroup(groups_.Rejoin(task->spec().group, record.cgroup_parent()));
  TaskTarget target = MakeTarget(*task, record.program());
  target.started_at = TimeFromProto(record.created_at());
  Measure(task, std::move(target));
}

void TaskSupervisor::Measure(const std::shared_ptr<Task>& task,
                             TaskTarget target) {
  const absl::Status status = parts_.sampler->Add(target);
  if (status.ok()) {
    const TaskStatus now = task->Status();
    if (now.process.pid != 0) {
      parts_.sampler->SetProcesses(task->id(), now.process, now.shim);
    }
    return;
  }
  if (absl::IsResourceExhausted(status)) {
    return TryAgain(task, status, [this, task, target = std::move(target)] {
      // One that has ended meanwhile has no cgroup to be measured.
      if (task->cgroup() != nullptr) Measure(task, target);
    });
  }
  LOG(WARNING) << "task " << task->id()
               << " cannot be measured: " << status.message();
}

absl::Status TaskSupervisor::RecoverRun(const std::shared_ptr<Task>& task,
                                        const ProcessIdentity& process,
                                        absl::Time began) {
  const absl::Status running =
      task->MarkRunning(process, ProcessIdentity(), began);
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(task->id());
  absl::StatusOr<UniqueFd> fifo =
      dir.ok() ? OpenExitFifo(dir->get()) : dir.status();
  for (const absl::Status& status : {running, fifo.status()}) {
    if (!absl::IsResourceExhausted(status)) continue;
    TryAgain(task, status, [this, task, process, began] {
      RecoverRun(task, process, began).IgnoreError();
    });
    return absl::OkStatus();
  }
  task->AdoptPause();
  TellAdopted(*task);
  const bool may_have_shim = fifo.ok() && HasWriter(*fifo);
  const ProcessIdentity shim =
      may_have_shim ? FindShim(process, *fifo) : ProcessIdentity();
  task->SetShim(shim);
  parts_.sampler->SetProcesses(task->id(), process, shim);
  if (may_have_shim) return WatchShim(task, *std::move(fifo));
  OnShimGone(task);
  return absl::OkStatus();
}

void TaskSupervisor::TellAdopted(const Task& task) const {
  const TaskStatus status = task.Status();
  EventAttributes attributes;
  if (status.process.pid != 0) {
    attributes.emplace_back("pid", absl::StrCat(status.process.pid));
  }
  if (status.state == TaskState::kPaused) {
    attributes.emplace_back("paused", "true");
  }
  Tell(task, EventType::kAdopted, std::move(attributes));
}

void TaskSupervisor::RemoveHalfMade(const std::string& id) {
  // Its record was written before its cgroup was made.
  std::string parent = options_.cgroup_parent;
  std::string group_name;
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  if (dir.ok()) {
    const absl::StatusOr<state::TaskRecord> record =
        ReadTaskRecord(dir->get(), id);
    if (record.ok()) {
      parent = record->cgroup_parent();
      group_name = record->spec().group();
    }
  }
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup =
      TaskCgroup::Open(*parts_.controller, *parts_.mounts, parent, id,
                       options_.cpu_weight_mapping);
  if (cgroup.ok()) {
    const absl::StatusOr<std::shared_ptr<Task>> task = registry_.Find(id);
    const std::shared_ptr<Group> group =
        task.ok() ? (*task)->TakeGroup() : groups_.Rejoin(group_name, parent);
    reaper_.Add(*std::move(cgroup), [this, group] {
      if (group != nullptr) groups_.Leave(group);
    });
  }
  registry_.Erase(id);
  const absl::Status status = parts_.state->RemoveTask(id);
  if (!status.ok()) LOG(WARNING) << status.message();
}

}  // namespace reeve
