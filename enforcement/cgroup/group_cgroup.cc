#include "enforcement/cgroup/group_cgroup.h"

#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {

std::string GroupCgroupName(absl::string_view group) {
  return absl::StrCat("@", group);
}

std::string GroupCgroupPath(absl::string_view parent, absl::string_view group) {
  return absl::StrCat(parent == "/" ? "" : parent, "/", GroupCgroupName(group));
}

bool IsGroupCgroupPath(absl::string_view path, absl::string_view group) {
  return !group.empty() &&
         absl::EndsWith(path, absl::StrCat("/", GroupCgroupName(group)));
}

absl::Status CheckGroupControllers(const ResourceLimits& limits,
                                   const CgroupMounts& mounts) {
  struct Rare {
    absl::string_view limit;
    absl::string_view controller;
    bool is_given;
  };
  const Rare rare[] = {
      {"cpuset", "cpuset", limits.has_cpuset()},
      {"input and output limit", "blkio", limits.has_io()},
      {"limit of huge pages", "hugetlb", !limits.hugetlb.empty()}};
  for (const auto& [limit, controller, is_given] : rare) {
    const CgroupHierarchy* hierarchy = mounts.Find(controller);
    if (!is_given || hierarchy == nullptr ||
        hierarchy->version != CgroupVersion::kV1) {
      continue;
    }
    return absl::UnavailableError(absl::StrCat(
        "no ", limit, " of a group can be set: this host has ", controller,
        " on cgroup v1, which would not hold the group's tasks to it; give it "
        "to each of them"));
  }
  return absl::OkStatus();
}

bool IsWholeCgroup(const CgroupMounts& mounts, const std::string& path,
                   const CgroupDirs& dirs) {
  const CgroupDirs all = LocateCgroup(mounts, path);
  using Dir = std::optional<CgroupDir>;
  const std::pair<const Dir&, const Dir&> pairs[] = {
      {all.cpu, dirs.cpu},
      {all.memory, dirs.memory},
      {all.pids, dirs.pids},
      {all.unified, dirs.unified}};
  for (const auto& [possible, there] : pairs) {
    if (possible.has_value() && !there.has_value()) return false;
  }
  return true;
}

absl::Status RemoveGroupCgroup(const CgroupMounts& mounts,
                               const std::string& path) {
  absl::Status status;
  for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
    const std::string directory = absl::StrCat(hierarchy.mount_point, path);
    if (rmdir(directory.c_str()) == 0 || errno == ENOENT) continue;
    if (errno == EBUSY || errno == ENOTEMPTY) {
      status.Update(absl::FailedPreconditionError(absl::StrCat(
          "remove cgroup ", directory, ": there are cgroups in it")));
    } else {
      status.Update(
          ErrnoStatus(errno, absl::StrCat("remove cgroup ", directory)));
    }
  }
  return status;
}

}  // namespace reeve
