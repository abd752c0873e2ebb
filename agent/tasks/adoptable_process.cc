#include "agent/tasks/adoptable_process.h"

#include <unistd.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "collectors/procfs/pid_stat.h"
#include "enforcement/cgroup/process_homes.h"

namespace reeve {
namespace {

// PF_KTHREAD of include/linux/sched.h, in field 9 of /proc/PID/stat.
constexpr uint64_t kKernelThread = 0x00200000;
constexpr pid_t kFirstProcess = 1;

std::string ProcFile(pid_t pid, absl::string_view name) {
  return absl::StrCat("/proc/", pid, "/", name);
}

std::string Named(pid_t pid) { return absl::StrCat("process ", pid); }

absl::Status Never(pid_t pid, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(Named(pid), " cannot be adopted: it is ", why));
}

// /proc/TID is there for every thread, and listed for none but the first.
bool IsThreadOfAnother(pid_t pid) {
  const absl::StatusOr<std::string> status = ReadFile(ProcFile(pid, "status"));
  return status.ok() &&
         !absl::StrContains(*status, absl::StrCat("\nTgid:\t", pid, "\n"));
}

bool IsOfTask(pid_t pid, const AdoptionRules& rules) {
  const absl::StatusOr<std::string> cgroups = ReadFile(ProcFile(pid, "cgroup"));
  if (!cgroups.ok()) return false;
  for (const auto& [mount_point, directory] :
       CgroupDirectoriesIn(*rules.mounts, *cgroups)) {
    if (absl::StartsWith(directory,
                         absl::StrCat(mount_point, rules.cgroup_parent, "/"))) {
      return true;
    }
  }
  return false;
}

absl::StatusOr<PidStat> ReadStat(pid_t pid) {
  const absl::StatusOr<std::string> text = ReadFile(ProcFile(pid, "stat"));
  if (!text.ok()) return text.status();
  return ParsePidStat(*text);
}

bool IsDead(const PidStat& stat) {
  return stat.state == 'Z' || stat.state == 'X';
}

}  // namespace

bool IsAncestorOfOurs(pid_t pid) {
  pid_t ancestor = getppid();
  while (ancestor > 0 && ancestor != pid) {
    const absl::StatusOr<PidStat> stat = ReadStat(ancestor);
    ancestor = stat.ok() ? stat->ppid : 0;
  }
  return ancestor == pid;
}

bool HasEnded(pid_t pid) {
  const absl::StatusOr<PidStat> stat = ReadStat(pid);
  return !stat.ok() || IsDead(*stat);
}

absl::StatusOr<ProcessIdentity> CheckAdoptable(pid_t pid,
                                               const AdoptionRules& rules) {
  if (pid <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("pid ", pid, ": give that of a running process"));
  }
  if (pid == kFirstProcess) return Never(pid, "the machine's first");
  if (pid == getpid()) return Never(pid, "the agent itself");
  const absl::StatusOr<PidStat> stat = ReadStat(pid);
  if (!stat.ok()) return absl::NotFoundError(absl::StrCat("no ", Named(pid)));
  if ((stat->flags & kKernelThread) != 0) return Never(pid, "a kernel thread");
  if (IsThreadOfAnother(pid)) {
    return Never(pid, "one thread of a process: give the pid of that");
  }
  if (IsDead(*stat)) {
    return absl::FailedPreconditionError(
        absl::StrCat(Named(pid), " has ended"));
  }
  if (rules.shim->IsRunBy(pid)) return Never(pid, "the shim of a task");
  if (IsOfTask(pid, rules)) {
    return absl::FailedPreconditionError(
        absl::StrCat(Named(pid), " is of a task already"));
  }
  return ProcessIdentity{pid, stat->starttime};
}

}  // namespace reeve
