#include "collectors/procfs/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "base/kernel_number.h"
#include "base/unique_fd.h"
#include "collectors/procfs/pid_stat.h"

namespace reeve {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

std::optional<pid_t> PidFrom(absl::string_view text) {
  const std::optional<uint64_t> pid = DecimalFrom(text);
  if (!pid.has_value() || *pid > std::numeric_limits<pid_t>::max()) {
    return std::nullopt;
  }
  return static_cast<pid_t>(*pid);
}

// The entries of a directory that are numbers.
absl::StatusOr<std::vector<pid_t>> NumbersIn(int dir_fd, const char* name) {
  absl::StatusOr<UniqueFd> fd = OpenAt(dir_fd, name, O_RDONLY | O_DIRECTORY);
  if (!fd.ok()) return fd.status();
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, CloseDir> dir(fdopendir(fd->get()));
  if (dir == nullptr) return numbers;
  fd->Release();
  while (const dirent* entry = readdir(dir.get())) {
    const std::optional<pid_t> number = PidFrom(entry->d_name);
    if (number.has_value()) numbers.push_back(*number);
  }
  return numbers;
}

// A process by a handle of its directory, which tells of no other process even
// if the pid is given out again.
struct OpenedProcess {
  UniqueFd dir;
  PidStat stat;
};

absl::StatusOr<OpenedProcess> OpenProcess(int procfs_fd, pid_t pid) {
  absl::StatusOr<UniqueFd> dir = OpenDirAt(procfs_fd, absl::StrCat(pid));
  if (!dir.ok()) return dir.status();
  const absl::StatusOr<std::string> contents = ReadFileAt(dir->get(), "stat");
  if (!contents.ok()) return contents.status();
  absl::StatusOr<PidStat> stat = ParsePidStat(*contents);
  if (!stat.ok()) {
    return absl::Status(
        stat.status().code(),
        absl::StrCat("process ", pid, ": ", stat.status().message()));
  }
  return OpenedProcess{*std::move(dir), *std::move(stat)};
}

bool Is(const PidStat& stat, const ProcessIdentity& identity) {
  return ProcessIdentity{stat.pid, stat.starttime} == identity;
}

std::optional<OpenedProcess> OpenRoot(int procfs_fd,
                                      const ProcessIdentity& identity) {
  if (identity.pid == 0) return std::nullopt;
  absl::StatusOr<OpenedProcess> process = OpenProcess(procfs_fd, identity.pid);
  if (!process.ok() || !Is(process->stat, identity)) return std::nullopt;
  return *std::move(process);
}

// What the tree is collected in.
class Members {
 public:
  explicit Members(const TaskRoots& roots) : roots_(roots) {}

  // Whether a process is not one of those that are never a task's.
  bool MayHave(pid_t pid) const {
    return pid != roots_.shim.pid && pid != self_;
  }
  // False if it is known already.
  bool Add(pid_t pid) { return pids_.insert(pid).second; }
  bool Has(pid_t pid) const { return pids_.contains(pid); }

  std::vector<pid_t> Sorted() const {
    std::vector<pid_t> pids(pids_.begin(), pids_.end());
    absl::c_sort(pids);
    return pids;
  }

 private:
  const TaskRoots& roots_;
  const pid_t self_ = getpid();
  absl::flat_hash_set<pid_t> pids_;
};

// By the lists that the kernel keeps of each thread's children.
class ChildrenWalk {
 public:
  ChildrenWalk(int procfs_fd, const TaskRoots& roots, ReadErrorSink on_error)
      : procfs_fd_(procfs_fd),
        roots_(roots),
        on_error_(on_error),
        members_(roots) {}

  // Nullopt if there are no such lists.
  std::optional<std::vector<pid_t>> Run() {
    if (const auto shim = OpenRoot(procfs_fd_, roots_.shim)) {
      shim_lives_ = true;
      if (!QueueChildren(*shim)) return std::nullopt;
    }
    if (const auto main = OpenRoot(procfs_fd_, roots_.main)) {
      members_.Add(roots_.main.pid);
      if (!QueueChildren(*main)) return std::nullopt;
    }
    while (!to_visit_.empty()) {
      const pid_t pid = to_visit_.back();
      to_visit_.pop_back();
      Visit(pid);
    }
    return members_.Sorted();
  }

 private:
  // False if there are no lists.
  bool QueueChildren(const OpenedProcess& process) {
    const absl::StatusOr<std::vector<pid_t>> threads =
        NumbersIn(process.dir.get(), "task");
    if (!threads.ok()) return false;
    for (const pid_t thread : *threads) {
      const absl::StatusOr<std::string> contents = ReadFileAt(
          process.dir.get(), absl::StrCat("task/", thread, "/children"));
      // Another thread may just have ended.
      if (!contents.ok() && thread == process.stat.pid) return false;
      if (contents.ok()) QueueAll(*contents);
    }
    return true;
  }

  void QueueAll(absl::string_view contents) {
    for (const absl::string_view word :
         absl::StrSplit(contents, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
      const std::optional<pid_t> pid = PidFrom(word);
      if (pid.has_value()) {
        to_visit_.push_back(*pid);
      } else {
        on_error_("process", absl::DataLossError(absl::StrCat(
                                 "parse children: not a pid: \"",
                                 absl::CEscape(word.substr(0, 40)), "\"")));
      }
    }
  }

  void Visit(pid_t pid) {
    if (!members_.MayHave(pid) || members_.Has(pid)) return;
    const absl::StatusOr<OpenedProcess> process = OpenProcess(procfs_fd_, pid);
    if (absl::IsNotFound(process.status())) return;
    if (!process.ok()) return on_error_("process", process.status());
    // Another process may have got the pid since its parent was asked. One
    // whose parent has ended meanwhile is the shim's.
    const pid_t parent = process->stat.ppid;
    if (!members_.Has(parent) && !(shim_lives_ && parent == roots_.shim.pid)) {
      return;
    }
    members_.Add(pid);
    // That there are lists is known from the roots: if this has none, it has
    // ended.
    (void)QueueChildren(*process);
  }

  const int procfs_fd_;
  const TaskRoots& roots_;
  const ReadErrorSink on_error_;
  Members members_;
  bool shim_lives_ = false;
  std::vector<pid_t> to_visit_;
};

// By the parents of all processes there are.
std::vector<pid_t> ListByParents(int procfs_fd, const TaskRoots& roots,
                                 ReadErrorSink on_error) {
  const absl::StatusOr<std::vector<pid_t>> all = NumbersIn(procfs_fd, ".");
  if (!all.ok()) {
    on_error("process", all.status());
    return {};
  }
  Members members(roots);
  std::vector<ProcessIdentity> to_visit;
  absl::flat_hash_map<pid_t, std::vector<ProcessIdentity>> children;
  for (const pid_t pid : *all) {
    const absl::StatusOr<OpenedProcess> process = OpenProcess(procfs_fd, pid);
    if (!process.ok()) {
      if (absl::IsDataLoss(process.status())) {
        on_error("process", process.status());
      }
      continue;
    }
    const PidStat& stat = process->stat;
    if (Is(stat, roots.main)) members.Add(pid);
    if (Is(stat, roots.main) || Is(stat, roots.shim)) {
      to_visit.push_back({pid, stat.starttime});
    }
    children[stat.ppid].push_back({pid, stat.starttime});
  }
  while (!to_visit.empty()) {
    const ProcessIdentity parent = to_visit.back();
    to_visit.pop_back();
    for (const ProcessIdentity& child : children[parent.pid]) {
      // A child that is older than its parent had another one of that pid.
      if (child.start_time_ticks < parent.start_time_ticks) continue;
      if (!members.MayHave(child.pid) || !members.Add(child.pid)) continue;
      to_visit.push_back(child);
    }
  }
  return members.Sorted();
}

}  // namespace

std::vector<pid_t> ListProcessTree(int procfs_fd, const TaskRoots& roots,
                                   ReadErrorSink on_error) {
  const std::optional<std::vector<pid_t>> found =
      ChildrenWalk(procfs_fd, roots, on_error).Run();
  if (found.has_value()) return *found;
  return ListByParents(procfs_fd, roots, on_error);
}

ProcessIdentity ParentOf(int procfs_fd, const ProcessIdentity& process) {
  const std::optional<OpenedProcess> child = OpenRoot(procfs_fd, process);
  if (!child.has_value() || child->stat.ppid == 0) return {};
  const absl::StatusOr<OpenedProcess> parent =
      OpenProcess(procfs_fd, child->stat.ppid);
  if (!parent.ok()) return {};
  return {parent->stat.pid, parent->stat.starttime};
}

}  // namespace reeve
