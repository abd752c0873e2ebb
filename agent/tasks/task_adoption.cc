// How a process that runs already becomes a task. It has no shim: its end is
// seen by its pidfd, and known as far as the kernel tells.

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/tasks/adoptable_process.h"
#include "agent/tasks/pidfd.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "base/utf8.h"
#include "collectors/procfs/process_tree.h"
#include "enforcement/cgroup/process_homes.h"
#include "enforcement/spec/limit_parts.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// What it was started with, for those who list tasks: its bytes may be any, and
// those of a spec are text.
std::vector<std::string> CommandOf(pid_t pid) {
  const absl::StatusOr<std::string> text =
      ReadFile(absl::StrCat("/proc/", pid, "/cmdline"));
  std::vector<std::string> words;
  if (text.ok()) words = absl::StrSplit(*text, '\0', absl::SkipEmpty());
  for (std::string& word : words) word = Utf8Text(word);
  if (words.empty()) words.push_back(absl::StrCat("process ", pid));
  return words;
}

absl::Status CheckSpec(const TaskSpec& spec) {
  if (spec.restart.enabled() || spec.exit_type != ExitType::kMain) {
    return absl::InvalidArgumentError(
        "an adopted process cannot be started anew, and is the task's main "
        "one: leave restart and exit type out");
  }
  if (spec.isolation.AsksForNative() ||
      spec.isolation.executor != Executor::kAsNeeded) {
    return absl::InvalidArgumentError(
        "what runs already cannot be given a root, namespaces or privileges: "
        "leave isolation out");
  }
  if (!spec.landlock.empty()) {
    return absl::InvalidArgumentError(
        "an adopted process runs already, and can only restrict itself: leave "
        "landlock out");
  }
  return ValidateTaskSpec(spec);
}

// The process, and with those of a tree all that it has started.
absl::StatusOr<std::vector<pid_t>> ListAdopted(TaskOrigin origin,
                                               const ProcessIdentity& process) {
  if (origin == TaskOrigin::kAdopted) {
    return OpenPidfd(process).ok() ? std::vector<pid_t>{process.pid}
                                   : std::vector<pid_t>();
  }
  const absl::StatusOr<UniqueFd> procfs = OpenDirAt(AT_FDCWD, "/proc");
  if (!procfs.ok()) return procfs.status();
  TaskRoots roots;
  roots.main = process;
  return ListProcessTree(
      procfs->get(), roots,
      [](absl::string_view /*collector*/, const absl::Status& error) {
        LOG(WARNING) << "a process was passed over: " << error.message();
      });
}

// Whether none of a tree must not be in a task.
absl::Status CheckMembers(const std::vector<pid_t>& members,
                          const AdoptionRules& rules) {
  for (const pid_t member : members) {
    absl::Status status = CheckAdoptable(member, rules).status();
    // One that has ended by now is not in the way.
    if (!status.ok() && !absl::IsNotFound(status) && !HasEnded(member)) {
      return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<Task>> TaskSupervisor::Adopt(
    TaskSpec spec, pid_t pid, uint64_t start_time_ticks,
    bool with_descendants) {
  const AdoptionRules rules = {parts_.mounts, options_.cgroup_parent,
                               &parts_.launcher->shim()};
  const absl::StatusOr<ProcessIdentity> process = CheckAdoptable(pid, rules);
  if (!process.ok()) return process.status();
  if (start_time_ticks != 0 && process->start_time_ticks != start_time_ticks) {
    return absl::NotFoundError(
        absl::StrCat("process ", pid, " has ended: its pid is another's now"));
  }
  const TaskOrigin origin =
      with_descendants ? TaskOrigin::kAdoptedTree : TaskOrigin::kAdopted;
  if (with_descendants && IsAncestorOfOurs(pid)) {
    return absl::InvalidArgumentError(
        absl::StrCat("process ", pid,
                     " cannot be adopted with its descendants: the agent is "
                     "one of them"));
  }
  const absl::StatusOr<std::vector<pid_t>> members =
      ListAdopted(origin, *process);
  if (!members.ok()) return members.status();
  absl::Status status = CheckMembers(*members, rules);
  if (!status.ok()) return status;

  if (spec.id.empty()) spec.id = absl::StrCat("pid-", pid);
  spec.command = CommandOf(pid);
  status = CheckSpec(spec);
  if (!status.ok()) return status;
  const auto task =
      std::make_shared<Task>(std::move(spec), /*auto_remove=*/false, origin);
  status = registry_.Add(task);
  if (!status.ok()) return status;
  Tell(*task, EventType::kCreated, {{"adopted", "true"}});
  LaunchPhases phases(*parts_.clock);
  status = MakeTask(
      task, task->spec().command[0], [] { return false; },
      [&](TaskCgroup& cgroup, UniqueFd state_dir, absl::Time /*made_at*/,
          const BeginMeasuring& measure) {
        absl::Status measured = measure();
        if (!measured.ok()) return measured;
        return TakeIn(*task, *process, cgroup, state_dir.get());
      },
      &phases);
  if (!status.ok()) {
    Tell(*task, EventType::kStartFailed,
         {{"error", std::string(status.message())}});
    registry_.Erase(task->id());
    return status;
  }
  TellStart(*task, *process);
  OnShimGone(task);
  return task;
}

// The pid is written first: an agent that ends in between leaves a task that
// the next one takes the processes into.
absl::Status TaskSupervisor::TakeIn(Task& task, const ProcessIdentity& process,
                                    TaskCgroup& cgroup, int state_dir) const {
  absl::Status status = WriteTaskProcess(state_dir, process);
  if (!status.ok()) return status;
  ProcessHomes homes(*parts_.mounts);
  status =
      cgroup.Take([&] { return ListAdopted(task.origin(), process); }, &homes);
  const ResourceLimits limits = ProcessLimits(task.spec().limits);
  if (status.ok() && !limits.empty()) status = cgroup.Update(limits).status();
  const absl::Time now = parts_.clock->WallNow();
  if (status.ok()) status = task.MarkRunning(process, ProcessIdentity(), now);
  if (status.ok()) {
    parts_.sampler->SetProcesses(task.id(), process, ProcessIdentity());
    return absl::OkStatus();
  }
  // What is left in the cgroup would be ended with it.
  const absl::Status put_back = cgroup.PutBack(homes, process.pid);
  if (put_back.ok()) return status;
  LOG(ERROR) << "task " << task.id()
             << " keeps processes that could not be put back where they were: "
             << put_back.message();
  return task.MarkRunning(process, ProcessIdentity(), now);
}

void TaskSupervisor::TakeInAgain(const Task& task,
                                 const ProcessIdentity& process,
                                 TaskCgroup& cgroup) const {
  ProcessHomes homes(*parts_.mounts);
  const absl::Status status =
      cgroup.Take([&] { return ListAdopted(task.origin(), process); }, &homes);
  if (status.ok() || absl::IsNotFound(status)) return;
  LOG(WARNING) << "task " << task.id()
               << " may lack processes that were to be adopted: "
               << status.message();
}

}  // namespace reeve
