#include "collectors/cgroup/process_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/kernel_number.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

// There is no list in a cgroup that vanishes while we look, nor, for us, in a
// threaded one, whose processes the cgroup above lists.
bool HasNoList(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsUnimplemented(status);
}

absl::Status AppendProcesses(int dir_fd, std::vector<pid_t>& pids) {
  const absl::StatusOr<std::string> contents =
      ReadFileAt(dir_fd, "cgroup.procs");
  if (!contents.ok()) return contents.status();
  const absl::StatusOr<std::vector<pid_t>> parsed = ParseCgroupProcs(*contents);
  if (!parsed.ok()) return parsed.status();
  pids.insert(pids.end(), parsed->begin(), parsed->end());
  return absl::OkStatus();
}

// cgroup directories have a link for each directory below them, which saves
// listing the many that have none.
bool MayHaveChildren(int dir_fd) {
  struct stat info;
  return fstat(dir_fd, &info) == 0 && info.st_nlink != 2;
}

// Takes the directory over. Names are made absolute by `path`.
std::vector<std::string> ChildrenOf(UniqueFd dir_fd, const std::string& path) {
  std::vector<std::string> children;
  const std::unique_ptr<DIR, CloseDir> dir(fdopendir(dir_fd.get()));
  if (dir == nullptr) return children;
  dir_fd.Release();
  while (const dirent* entry = readdir(dir.get())) {
    const absl::string_view name = entry->d_name;
    if (entry->d_type != DT_DIR || name == "." || name == "..") continue;
    children.push_back(absl::StrCat(path, "/", name));
  }
  return children;
}

absl::StatusOr<std::vector<pid_t>> ListBelow(const std::string& top) {
  std::vector<pid_t> pids;
  std::vector<std::string> to_visit = {top};
  while (!to_visit.empty()) {
    const std::string path = std::move(to_visit.back());
    to_visit.pop_back();
    absl::StatusOr<UniqueFd> dir =
        OpenAt(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
    const absl::Status appended =
        dir.ok() ? AppendProcesses(dir->get(), pids) : dir.status();
    if (!appended.ok()) {
      if (path == top || !HasNoList(appended)) return appended;
      if (!dir.ok()) continue;
    }
    if (!MayHaveChildren(dir->get())) continue;
    for (std::string& child : ChildrenOf(*std::move(dir), path)) {
      to_visit.push_back(std::move(child));
    }
  }
  absl::c_sort(pids);
  pids.erase(std::unique(pids.begin(), pids.end()), pids.end());
  return pids;
}

}  // namespace

absl::StatusOr<std::vector<pid_t>> ParseCgroupProcs(
    absl::string_view contents) {
  std::vector<pid_t> pids;
  for (absl::string_view line :
       absl::StrSplit(contents, '\n', absl::SkipEmpty())) {
    const std::optional<uint64_t> pid = DecimalFrom(line);
    if (!pid.has_value() || *pid > std::numeric_limits<pid_t>::max()) {
      return absl::DataLossError(
          absl::StrCat("parse cgroup.procs: not a pid: \"",
                       absl::CEscape(line.substr(0, 40)), "\""));
    }
    if (*pid != 0) pids.push_back(static_cast<pid_t>(*pid));
  }
  return pids;
}

absl::StatusOr<std::vector<pid_t>> ListProcesses(const CgroupDirs& dirs) {
  absl::StatusOr<std::vector<pid_t>> result =
      absl::NotFoundError("no hierarchy lists the processes of the cgroup");
  for (const std::optional<CgroupDir>* dir :
       {&dirs.unified, &dirs.memory, &dirs.cpu, &dirs.pids, &dirs.cpuacct}) {
    if (!dir->has_value()) continue;
    absl::StatusOr<std::vector<pid_t>> pids = ListBelow((*dir)->path);
    if (pids.ok() && !pids->empty()) return pids;
    if (pids.ok()) {
      result = std::move(pids);
    } else if (absl::IsNotFound(result.status()) && !HasNoList(pids.status())) {
      result = pids.status();
    }
  }
  return result;
}

}  // namespace reeve
