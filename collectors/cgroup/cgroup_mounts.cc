#include "collectors/cgroup/cgroup_mounts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "base/mountinfo.h"

namespace reeve {
namespace {

// Among the options of a v1 hierarchy stand its controllers; these are the
// rest.
bool IsMountFlag(absl::string_view option) {
  static constexpr std::array<absl::string_view, 10> kFlags = {
      "",     "rw",  "ro",       "xattr",          "clone_children",
      "none", "all", "noprefix", "cpuset_v2_mode", "favordynmods"};
  return absl::StrContains(option, '=') ||
         absl::c_linear_search(kFlags, option);
}

std::vector<std::string> ControllersOf(absl::string_view super_options) {
  std::vector<std::string> controllers;
  for (absl::string_view option : absl::StrSplit(super_options, ',')) {
    if (!IsMountFlag(option)) controllers.emplace_back(option);
  }
  return controllers;
}

std::optional<CgroupDir> Below(const CgroupHierarchy* hierarchy,
                               absl::string_view cgroup) {
  if (hierarchy == nullptr) return std::nullopt;
  return CgroupDir{
      hierarchy->version,
      absl::StrCat(hierarchy->mount_point, absl::StripSuffix(cgroup, "/"))};
}

}  // namespace

std::vector<CgroupHierarchy> ParseCgroupMountinfo(absl::string_view mountinfo) {
  std::vector<CgroupHierarchy> hierarchies;
  std::vector<absl::string_view> seen_devices;
  for (absl::string_view line : absl::StrSplit(mountinfo, '\n')) {
    const std::optional<MountinfoLine> mount = ParseMountinfoLine(line);
    if (!mount.has_value()) continue;
    const bool is_v1 = mount->type == "cgroup";
    if (!is_v1 && mount->type != "cgroup2") continue;
    // The kernel shows the root as seen from our cgroup namespace, so "/" is
    // the namespace's root too.
    if (mount->root != "/") continue;
    if (absl::c_linear_search(seen_devices, mount->device)) continue;
    seen_devices.push_back(mount->device);
    hierarchies.push_back({is_v1 ? CgroupVersion::kV1 : CgroupVersion::kV2,
                           UnescapeMountPath(mount->mount_point),
                           is_v1 ? ControllersOf(mount->super_options)
                                 : std::vector<std::string>()});
  }
  return hierarchies;
}

CgroupMounts::CgroupMounts(std::vector<CgroupHierarchy> hierarchies)
    : hierarchies_(std::make_shared<const std::vector<CgroupHierarchy>>(
          std::move(hierarchies))) {}

absl::StatusOr<CgroupMounts> CgroupMounts::Discover(const std::string& procfs) {
  const absl::StatusOr<std::string> mountinfo =
      ReadFile(absl::StrCat(procfs, "/self/mountinfo"));
  if (!mountinfo.ok()) return mountinfo.status();

  std::vector<CgroupHierarchy> hierarchies = ParseCgroupMountinfo(*mountinfo);
  for (CgroupHierarchy& hierarchy : hierarchies) {
    if (hierarchy.version != CgroupVersion::kV2) continue;
    const absl::StatusOr<std::string> controllers =
        ReadFile(absl::StrCat(hierarchy.mount_point, "/cgroup.controllers"));
    if (!controllers.ok()) return controllers.status();
    hierarchy.controllers =
        absl::StrSplit(*controllers, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  }
  return CgroupMounts(std::move(hierarchies));
}

const CgroupHierarchy* CgroupMounts::Find(absl::string_view controller) const {
  const auto found =
      absl::c_find_if(*hierarchies_, [controller](const CgroupHierarchy& h) {
        return absl::c_linear_search(h.controllers, controller);
      });
  return found == hierarchies_->end() ? nullptr : &*found;
}

const CgroupHierarchy* CgroupMounts::Unified() const {
  const auto found = absl::c_find_if(
      *hierarchies_,
      [](const CgroupHierarchy& h) { return h.version == CgroupVersion::kV2; });
  return found == hierarchies_->end() ? nullptr : &*found;
}

std::string CgroupMounts::LayoutName() const {
  // A v1 hierarchy with a name and no controller only groups processes.
  const bool has_v1 =
      absl::c_any_of(*hierarchies_, [](const CgroupHierarchy& h) {
        return h.version == CgroupVersion::kV1 && !h.controllers.empty();
      });
  if (Unified() != nullptr) return has_v1 ? "hybrid" : "v2";
  return has_v1 ? "v1" : "none";
}

CgroupDirs LocateCgroup(const CgroupMounts& mounts, absl::string_view cgroup) {
  CgroupDirs dirs;
  dirs.cpu = Below(mounts.Find("cpu"), cgroup);
  dirs.cpuacct = Below(mounts.Find("cpuacct"), cgroup);
  dirs.memory = Below(mounts.Find("memory"), cgroup);
  dirs.pids = Below(mounts.Find("pids"), cgroup);
  dirs.cpuset = Below(mounts.Find("cpuset"), cgroup);
  dirs.io = Below(mounts.Find("io"), cgroup);
  if (!dirs.io) dirs.io = Below(mounts.Find("blkio"), cgroup);
  dirs.hugetlb = Below(mounts.Find("hugetlb"), cgroup);
  dirs.unified = Below(mounts.Unified(), cgroup);
  return dirs;
}

}  // namespace reeve
