// How a starting agent takes over what an earlier one left in the state
// directory. Nothing is believed from a stored pid alone, and an outcome that
// cannot be known is reported as unknown.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/api/convert.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "collectors/procfs/process_tree.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// The `exit` fifo of a task, opened so that nothing blocks.
absl::StatusOr<UniqueFd> OpenExitFifo(int dir_fd) {
  return OpenAt(dir_fd, "exit", O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
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

}  // namespace

absl::Status TaskSupervisor::RecoverAll() {
  const absl::StatusOr<std::vector<std::string>> ids = parts_.state->TaskIds();
  if (!ids.ok()) return ids.status();
  for (const std::string& id : *ids) {
    const absl::Status status = Recover(id);
    if (status.ok()) continue;
    LOG(WARNING) << "task " << id << " of an earlier agent was not started: "
                 << status.message();
    RemoveHalfMade(id);
  }
  return absl::OkStatus();
}

absl::Status TaskSupervisor::Recover(const std::string& id) {
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  if (!dir.ok()) return dir.status();
  const absl::StatusOr<state::TaskRecord> record = ReadTaskRecord(dir->get());
  if (!record.ok()) return record.status();
  absl::StatusOr<TaskSpec> spec = SpecFromProto(record->spec());
  if (!spec.ok()) return spec.status();
  const absl::StatusOr<ProcessIdentity> process = ReadTaskProcess(dir->get());
  if (!process.ok()) return process.status();

  const auto task =
      std::make_shared<Task>(*std::move(spec), record->auto_remove());
  absl::Status status = registry_.Add(task);
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup = TaskCgroup::Open(
      *parts_.controller, *parts_.mounts, record->cgroup_parent(), id,
      options_.cpu_weight_mapping);
  if (cgroup.ok()) {
    task->SetCgroup(*std::move(cgroup));
    TaskTarget target = MakeTarget(*task, record->program());
    target.started_at = TimeFromProto(record->created_at());
    status = parts_.sampler->Add(std::move(target));
    if (!status.ok()) {
      LOG(WARNING) << "task " << id
                   << " cannot be measured: " << status.message();
    }
  }
  if (IsFromThisBoot(dir->get())) {
    (void)task->MarkRunning(*process, ProcessIdentity(),
                            TimeFromProto(record->created_at()));
    absl::StatusOr<UniqueFd> fifo = OpenExitFifo(dir->get());
    const bool may_have_shim = fifo.ok() && HasWriter(*fifo);
    parts_.sampler->SetProcesses(
        id, *process,
        may_have_shim ? FindShim(*process, *fifo) : ProcessIdentity());
    if (may_have_shim) {
      return WatchShim(task, *std::move(fifo));
    }
    OnShimGone(task);
    return absl::OkStatus();
  }
  FinishExit(task,
             UnknownExit("the machine was rebooted", parts_.clock->WallNow()));
  return absl::OkStatus();
}

void TaskSupervisor::RemoveHalfMade(const std::string& id) {
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup =
      TaskCgroup::Open(*parts_.controller, *parts_.mounts,
                       options_.cgroup_parent, id, options_.cpu_weight_mapping);
  if (cgroup.ok()) reaper_.Add(*std::move(cgroup));
  registry_.Erase(id);
  const absl::Status status = parts_.state->RemoveTask(id);
  if (!status.ok()) LOG(WARNING) << status.message();
}

}  // namespace reeve
