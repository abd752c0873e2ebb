#include "agent/tasks/task_exec.h"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/tasks/task_launch.h"
#include "base/system_clock.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {
namespace {

// How soon a caller that has gone is noticed while its task starts.
constexpr absl::Duration kCancelCheck = absl::Milliseconds(20);

absl::Status HasExited(const Task& task) {
  return absl::FailedPreconditionError(
      absl::StrCat("task ", task.id(), " has exited"));
}

absl::Status IsPaused(const Task& task) {
  return absl::FailedPreconditionError(
      absl::StrCat("task ", task.id(), " is paused: \"reeve resume ", task.id(),
                   "\" first"));
}

absl::Status IsRestarting(const Task& task) {
  return absl::FailedPreconditionError(
      absl::StrCat("task ", task.id(), " has ended and waits to be restarted"));
}

// `added` in place of what has the same name.
std::vector<std::string> MergeEnv(std::vector<std::string> env,
                                  const std::vector<std::string>& added) {
  for (const std::string& variable : added) {
    const std::string name = variable.substr(0, variable.find('=') + 1);
    const auto same =
        std::find_if(env.begin(), env.end(), [&](const std::string& existing) {
          return !name.empty() && absl::StartsWith(existing, name);
        });
    if (same == env.end()) {
      env.push_back(variable);
    } else {
      *same = variable;
    }
  }
  return env;
}

// The task's spec, with what is different for the command.
TaskSpec SpecOf(const Task& task, const ExecSpec& exec) {
  TaskSpec spec = task.spec();
  spec.command = exec.command;
  spec.env = MergeEnv(std::move(spec.env), exec.env);
  if (!exec.cwd.empty()) spec.cwd = exec.cwd;
  if (!exec.user.empty()) spec.user = exec.user;
  return spec;
}

absl::Status CheckTerminal(const ExecSpec& exec, const HandedStreams& streams) {
  if (!exec.tty || isatty(streams.stdin_fd.get()) != 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "tty: standard input is not a terminal: hand one over, or leave tty out");
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunningCommand>> TaskExec::Start(
    const std::string& id, const ExecSpec& spec, HandedStreams streams,
    const Patience& patience) {
  const SystemClock clock;
  const absl::Duration deadline = clock.MonotonicNow() + patience.timeout;
  const absl::StatusOr<std::shared_ptr<Task>> found = parts_.registry->Find(id);
  if (!found.ok()) return found.status();
  const std::shared_ptr<Task>& task = *found;
  absl::Status status = CheckTerminal(spec, streams);
  if (!status.ok()) return status;
  status = AwaitStarted(task, patience);
  if (!status.ok()) return status;

  absl::StatusOr<LaunchRequest> request = Resolve(*task, spec);
  if (!request.ok()) return request.status();
  request->is_cancelled = patience.is_cancelled;
  request->stdin_fd = std::move(streams.stdin_fd);
  request->stdout_fd = std::move(streams.stdout_fd);
  request->stderr_fd = std::move(streams.stderr_fd);
  absl::StatusOr<LaunchedCommand> launched =
      Enter(*task, *std::move(request), deadline - clock.MonotonicNow());
  if (!launched.ok()) return launched.status();
  auto command =
      std::make_unique<RunningCommand>(*std::move(launched), *parts_.watcher);
  // Whoever ends a task has looked at its cgroup before it says so: what came
  // later is ended here, and what came earlier there.
  if (task->Status().state == TaskState::kExited) return HasExited(*task);
  return command;
}

absl::Status TaskExec::AwaitStarted(const std::shared_ptr<Task>& task,
                                    const Patience& patience) const {
  const SystemClock clock;
  const absl::Duration deadline = clock.MonotonicNow() + patience.timeout;
  while (!task->AwaitStart(kCancelCheck)) {
    // A launch that fails takes its id back.
    const absl::StatusOr<std::shared_ptr<Task>> now =
        parts_.registry->Find(task->id());
    if (!now.ok() || *now != task) return HasExited(*task);
    if (patience.is_cancelled()) return absl::CancelledError("cancelled");
    if (clock.MonotonicNow() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat("task ", task->id(), " has not started yet"));
    }
  }
  const TaskState state = task->Status().state;
  if (state == TaskState::kExited) return HasExited(*task);
  if (state == TaskState::kPaused) return IsPaused(*task);
  if (state == TaskState::kRestarting) return IsRestarting(*task);
  if (!task->IsEnterable()) return HasExited(*task);
  return absl::OkStatus();
}

absl::StatusOr<LaunchRequest> TaskExec::Resolve(const Task& task,
                                                const ExecSpec& exec) const {
  const TaskSpec spec = SpecOf(task, exec);
  const absl::Status valid = ValidateTaskSpec(spec);
  if (!valid.ok()) return valid;
  absl::StatusOr<LaunchRequest> request = parts_.resolver->ForCommand(
      spec, task.Status().process, task.DuplicatePidfd());
  if (!request.ok()) {
    return task.IsEnterable() ? request.status() : HasExited(task);
  }
  parts_.add_limits(task.AskedLimits(), &*request);
  request->controlling_tty = exec.tty;
  return request;
}

absl::StatusOr<LaunchedCommand> TaskExec::Enter(const Task& task,
                                                LaunchRequest request,
                                                absl::Duration timeout) const {
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  if (cgroup == nullptr) return HasExited(task);
  const auto explain = [&task](const absl::Status& error) {
    if (task.HasEnded()) return HasExited(task);
    // Frozen on its way in.
    return task.Status().state == TaskState::kPaused ? IsPaused(task) : error;
  };
  absl::StatusOr<CgroupEntry> entry = cgroup->OpenEntry();
  if (!entry.ok()) return explain(entry.status());
  const size_t entered = entry->v1_count;
  request.cgroup = *std::move(entry);
  absl::StatusOr<LaunchedCommand> launched =
      parts_.launcher->Exec(std::move(request), timeout);
  if (!launched.ok()) return explain(launched.status());
  const absl::Status finished = cgroup->FinishEntry(entered);
  if (finished.ok()) return launched;
  { const RunningCommand killed(*std::move(launched), *parts_.watcher); }
  return explain(finished);
}

}  // namespace reeve
