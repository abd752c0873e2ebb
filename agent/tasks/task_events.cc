// What observers are told of tasks.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/tasks/task_supervisor.h"
#include "base/signal_name.h"

namespace reeve {
namespace {

// Of a task that may have several.
EventAttributes WithAttempt(const Task& task, EventAttributes attributes) {
  if (task.spec().restart.enabled()) {
    attributes.emplace_back("attempt",
                            absl::StrCat(task.Status().attempt.number));
  }
  return attributes;
}

}  // namespace

void TaskSupervisor::Tell(const Task& task, EventType type,
                          EventAttributes attributes) const {
  parts_.observer->OnEvent(
      {type, task.id(), task.spec().group, std::move(attributes)});
}

bool TaskSupervisor::HasStarted(const std::string& id) const {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  return task.ok() && (*task)->Status().state != TaskState::kStarting;
}

void TaskSupervisor::NoteOomKills(const std::string& id, uint64_t total) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  // Removed since the sample was taken: its exit has told.
  if (task.ok()) TellOomKills(**task, total);
}

void TaskSupervisor::TellOomKills(Task& task, uint64_t total) const {
  const uint64_t count = task.TellOomKills(total);
  if (count == 0) return;
  parts_.observer->OnOomKills(count);
  Tell(task, EventType::kOomKill,
       {{"count", absl::StrCat(count)}, {"total", absl::StrCat(total)}});
}

void TaskSupervisor::TellStart(const Task& task,
                               const ProcessIdentity& process) const {
  Tell(task, EventType::kStarted,
       WithAttempt(task, {{"pid", absl::StrCat(process.pid)}}));
}

void TaskSupervisor::TellExit(const Task& task, const ExitStatus& exit) const {
  EventAttributes attributes = {{"code", absl::StrCat(exit.code)}};
  if (exit.signal != 0) {
    attributes.emplace_back("signal", SignalName(exit.signal));
  }
  attributes.emplace_back("oom", exit.oom_killed ? "true" : "false");
  if (!exit.reason.empty()) attributes.emplace_back("reason", exit.reason);
  Tell(task, EventType::kExited, WithAttempt(task, std::move(attributes)));
}

absl::StatusOr<std::unique_ptr<RunningCommand>> TaskSupervisor::Exec(
    const std::string& id, const ExecSpec& spec, HandedStreams streams,
    const TaskExec::Patience& patience) {
  absl::StatusOr<std::unique_ptr<RunningCommand>> command =
      exec_.Start(id, spec, std::move(streams), patience);
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  // It may have been forgotten by now, with its command.
  if (!command.ok() || !task.ok()) return command;
  const std::string pid = absl::StrCat((*command)->process().pid);
  Tell(**task, EventType::kExecStarted,
       {{"pid", pid}, {"command", spec.command[0]}});
  (*command)->OnEnd([this, task = *task, pid](const ExitStatus& exit) {
    EventAttributes attributes = {{"pid", pid},
                                  {"code", absl::StrCat(exit.code)}};
    if (!exit.reason.empty()) attributes.emplace_back("reason", exit.reason);
    Tell(*task, EventType::kExecExited, std::move(attributes));
  });
  return command;
}

void TaskSupervisor::TellUpdateFailed(const Task& task,
                                      const absl::Status& status) const {
  Tell(task, EventType::kUpdateFailed,
       {{"error", std::string(status.message())}});
}

}  // namespace reeve
