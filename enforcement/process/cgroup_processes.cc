#include "enforcement/process/cgroup_processes.h"

#include <dirent.h>

#include <cstdint>
#include <memory>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "enforcement/cgroup/tree_processes.h"
#include "enforcement/process/kernel_process_limit.h"
#include "enforcement/process/thread_stat.h"

namespace reeve {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

// None if the process has ended.
std::vector<pid_t> ListThreads(pid_t pid) {
  std::vector<pid_t> tids;
  const std::string path = absl::StrCat("/proc/", pid, "/task");
  const std::unique_ptr<DIR, CloseDir> dir(opendir(path.c_str()));
  if (dir == nullptr) return tids;
  while (const dirent* entry = readdir(dir.get())) {
    pid_t tid = 0;
    if (absl::SimpleAtoi(entry->d_name, &tid)) tids.push_back(tid);
  }
  return tids;
}

// The first number of /proc/PID/task/TID/schedstat: nanoseconds on a CPU. Zero
// where the kernel does not count them.
absl::Duration ReadRunTime(const LimitHolder& holder) {
  const absl::StatusOr<std::string> text = ReadFile(
      absl::StrCat("/proc/", holder.pid, "/task/", holder.tid, "/schedstat"));
  int64_t nanos = 0;
  if (!text.ok()) return absl::ZeroDuration();
  const absl::string_view first = *text;
  if (!absl::SimpleAtoi(first.substr(0, first.find(' ')), &nanos)) {
    return absl::ZeroDuration();
  }
  return absl::Nanoseconds(nanos);
}

}  // namespace

absl::StatusOr<std::vector<LimitHolder>> CgroupProcesses::List(
    bool threads) const {
  const absl::StatusOr<std::set<pid_t>> pids = TreeProcesses(dir_fd_);
  if (!pids.ok()) return pids.status();
  std::vector<LimitHolder> holders;
  for (const pid_t pid : *pids) {
    if (!threads) {
      holders.push_back({pid, pid});
      continue;
    }
    const std::vector<pid_t> tids = ListThreads(pid);
    // Listed, so that it is missed.
    if (tids.empty()) holders.push_back({pid, pid});
    for (const pid_t tid : tids) holders.push_back({pid, tid});
  }
  return holders;
}

absl::StatusOr<std::string> CgroupProcesses::Read(
    const LimitHolder& holder, const std::string& file) const {
  return ReadKernelLimit(holder, file);
}

absl::StatusOr<std::vector<IdentifiedHolder>> CgroupProcesses::Identify(
    const std::vector<LimitHolder>& holders) const {
  std::vector<IdentifiedHolder> found;
  for (const LimitHolder& holder : holders) {
    const absl::StatusOr<ThreadStat> stat =
        ReadThreadStat(holder.pid, holder.tid);
    if (absl::IsNotFound(stat.status())) continue;
    if (!stat.ok()) return stat.status();
    found.push_back({holder, stat->start_time_ticks, stat->parent});
  }
  // After the start times: whoever is listed now and has the same start time
  // later is the same.
  const absl::StatusOr<std::set<pid_t>> pids = TreeProcesses(dir_fd_);
  if (!pids.ok()) return pids.status();
  std::vector<IdentifiedHolder> listed;
  for (const IdentifiedHolder& identified : found) {
    if (pids->count(identified.holder.pid) != 0) {
      listed.push_back(identified);
    }
  }
  return listed;
}

absl::Status CgroupProcesses::Write(const IdentifiedHolder& identified,
                                    const std::string& file,
                                    const std::string& value) {
  const LimitHolder& holder = identified.holder;
  const absl::StatusOr<ThreadStat> stat =
      ReadThreadStat(holder.pid, holder.tid);
  if (!stat.ok()) return stat.status();
  if (stat->start_time_ticks != identified.start_time_ticks) {
    return absl::NotFoundError(
        absl::StrCat("thread ", holder.tid, " has ended"));
  }
  return WriteKernelLimit(holder, file, value);
}

absl::StatusOr<std::vector<ThreadActivity>> CgroupProcesses::Activity() const {
  const absl::StatusOr<std::vector<LimitHolder>> threads =
      List(/*threads=*/true);
  if (!threads.ok()) return threads.status();
  std::vector<ThreadActivity> activity;
  for (const LimitHolder& holder : *threads) {
    const absl::StatusOr<ThreadStat> stat =
        ReadThreadStat(holder.pid, holder.tid);
    if (absl::IsNotFound(stat.status())) continue;
    if (!stat.ok()) return stat.status();
    activity.push_back({holder.tid, stat->state, ReadRunTime(holder)});
  }
  return activity;
}

}  // namespace reeve
