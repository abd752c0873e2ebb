#include "enforcement/cgroup/tree_processes.h"

#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/child_cgroups.h"

namespace reeve {
namespace {

// A cgroup's directory has a link for each directory below it, which saves
// listing the many that have none.
bool MayHaveChildren(int dir_fd) {
  struct stat info;
  return fstat(dir_fd, &info) != 0 || info.st_nlink != 2;
}

absl::Status AddProcesses(int dir_fd, std::set<pid_t>& pids) {
  const absl::StatusOr<std::string> text = ReadFileAt(dir_fd, "cgroup.procs");
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  // The processes of a threaded cgroup are listed by one above it (EOPNOTSUPP).
  if (!text.ok() && !absl::IsUnimplemented(text.status())) {
    return text.status();
  }
  for (absl::string_view line :
       absl::StrSplit(text.value_or(""), '\n', absl::SkipEmpty())) {
    pid_t pid = 0;
    if (absl::SimpleAtoi(line, &pid) && pid > 0) pids.insert(pid);
  }

  if (!MayHaveChildren(dir_fd)) return absl::OkStatus();
  const absl::StatusOr<std::vector<std::string>> children =
      ChildCgroups(dir_fd);
  if (!children.ok()) return children.status();
  for (const std::string& name : *children) {
    const absl::StatusOr<UniqueFd> child = OpenDirAt(dir_fd, name);
    if (absl::IsNotFound(child.status())) continue;
    if (!child.ok()) return child.status();
    absl::Status status = AddProcesses(child->get(), pids);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::set<pid_t>> TreeProcesses(int dir_fd) {
  std::set<pid_t> pids;
  const absl::Status status = AddProcesses(dir_fd, pids);
  if (!status.ok()) return status;
  return pids;
}

}  // namespace reeve
