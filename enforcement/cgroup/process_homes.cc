#include "enforcement/cgroup/process_homes.h"

#include <fcntl.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/move_process.h"

namespace reeve {
namespace {

// The hierarchy of the second field of a line: "" is that of v2.
const CgroupHierarchy* FindHierarchy(const CgroupMounts& mounts,
                                     absl::string_view controllers) {
  if (controllers.empty()) return mounts.Unified();
  const CgroupHierarchy* const hierarchy =
      mounts.Find(controllers.substr(0, controllers.find(',')));
  return hierarchy != nullptr && hierarchy->version == CgroupVersion::kV1
             ? hierarchy
             : nullptr;
}

absl::Status MoveTo(const std::string& directory, pid_t pid) {
  const absl::StatusOr<UniqueFd> procs =
      OpenAt(AT_FDCWD, absl::StrCat(directory, "/cgroup.procs"), O_WRONLY);
  if (!procs.ok()) return procs.status();
  absl::Status status = MoveProcess(*procs, pid);
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(status.message(), " to ", directory));
}

}  // namespace

std::map<std::string, std::string> CgroupDirectoriesIn(
    const CgroupMounts& mounts, absl::string_view process_cgroups) {
  std::map<std::string, std::string> directories;
  for (const absl::string_view line :
       absl::StrSplit(process_cgroups, '\n', absl::SkipEmpty())) {
    // The path may hold colons.
    const std::vector<absl::string_view> fields =
        absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    const CgroupHierarchy* const hierarchy = FindHierarchy(mounts, fields[1]);
    if (hierarchy == nullptr) continue;
    directories[hierarchy->mount_point] =
        absl::StrCat(hierarchy->mount_point, fields[2]);
  }
  return directories;
}

absl::StatusOr<ProcessHomes::Directories> ProcessHomes::DirectoriesOf(
    pid_t pid) const {
  const absl::StatusOr<std::string> text =
      ReadFile(absl::StrCat("/proc/", pid, "/cgroup"));
  if (!text.ok()) return text.status();
  return CgroupDirectoriesIn(mounts_, *text);
}

absl::Status ProcessHomes::Remember(pid_t pid) {
  if (homes_.count(pid) != 0) return absl::OkStatus();
  absl::StatusOr<Directories> directories = DirectoriesOf(pid);
  if (!directories.ok()) return directories.status();
  homes_.emplace(pid, *std::move(directories));
  return absl::OkStatus();
}

absl::Status ProcessHomes::PutBack(pid_t pid, pid_t otherwise) const {
  auto home = homes_.find(pid);
  if (home == homes_.end()) home = homes_.find(otherwise);
  if (home == homes_.end()) {
    return absl::NotFoundError(
        absl::StrCat("nobody knows where process ", pid, " was"));
  }
  const absl::StatusOr<Directories> now = DirectoriesOf(pid);
  if (!now.ok()) return absl::OkStatus();
  for (const auto& [mount_point, directory] : home->second) {
    const auto current = now->find(mount_point);
    if (current == now->end() || current->second == directory) continue;
    absl::Status status = MoveTo(directory, pid);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace reeve
