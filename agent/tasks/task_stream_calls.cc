// Calls about the standard streams of a running task, which its shim holds.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "enforcement/launch/attach.h"

namespace reeve {
namespace {

absl::Status Refuse(const std::string& id, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("task ", id, " ", why));
}

absl::Status CheckRunning(const Task& task) {
  if (task.Status().state != TaskState::kExited) return absl::OkStatus();
  return Refuse(task.id(), "has exited");
}

// One line is written at once or not at all.
absl::Status WriteControl(int state_dir_fd, const std::string& line) {
  const UniqueFd fifo(openat(state_dir_fd, "control",
                             O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!fifo && errno == ENXIO) {
    return absl::FailedPreconditionError("its shim is gone");
  }
  if (!fifo || write(fifo.get(), line.data(), line.size()) < 0) {
    return ErrnoStatus(errno, "write to the control fifo");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status TaskSupervisor::Attach(const std::string& id,
                                    const HandedStreams& streams) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  if (!(*task)->spec().tty && !(*task)->spec().attachable) {
    return Refuse(id,
                  "cannot be attached to: start it with --tty or "
                  "--interactive");
  }
  absl::Status status = CheckRunning(**task);
  if (!status.ok()) return status;
  status = CheckClientStreams(streams.stdin_fd, streams.stdout_fd,
                              streams.stderr_fd);
  if (!status.ok()) return status;
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  if (!dir.ok()) return dir.status();
  // That its own is closed does not end the task's input: others may come.
  return AttachStreams(dir->get(), streams.stdin_fd, streams.stdout_fd,
                       streams.stderr_fd, /*closes_input=*/false);
}

absl::Status TaskSupervisor::ResizeTty(const std::string& id, uint32_t width,
                                       uint32_t height) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  if (!(*task)->spec().tty) {
    return Refuse(id, "has no terminal: start it with --tty");
  }
  if (width > UINT16_MAX || height > UINT16_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(
        "terminal size ", width, "x", height, ": give at most 65535 each"));
  }
  absl::Status status = CheckRunning(**task);
  if (!status.ok()) return status;
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  if (!dir.ok()) return dir.status();
  return WriteControl(dir->get(), absl::StrCat("1 ", width, " ", height, "\n"));
}

absl::Status TaskSupervisor::CloseStdin(const std::string& id) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  const TaskSpec& spec = (*task)->spec();
  if (!spec.tty && !(spec.attachable && spec.stdin_path.empty())) {
    return Refuse(id,
                  "has a standard input of its own: only one of --tty or "
                  "--interactive can be closed");
  }
  absl::Status status = CheckRunning(**task);
  if (!status.ok()) return status;
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  if (!dir.ok()) return dir.status();
  return WriteControl(dir->get(), "0 0 0\n");
}

absl::StatusOr<std::vector<TaskLog>> TaskSupervisor::OpenLogs(
    const std::string& id) const {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  if (!dir.ok()) return dir.status();
  return OpenTaskLogs((*task)->spec(), dir->get());
}

}  // namespace reeve
