#include "enforcement/cgroup/cgroup_places.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace reeve {

std::vector<const CgroupHierarchy*> CgroupPlaces::All() const {
  std::vector<const CgroupHierarchy*> all;
  for (const auto& place : by_controller) all.push_back(place.first);
  if (bare_unified != nullptr) all.push_back(bare_unified);
  return all;
}

absl::StatusOr<CgroupPlaces> FindCgroupPlaces(
    const CgroupMounts& mounts, const std::vector<std::string>& controllers) {
  CgroupPlaces places;
  for (const std::string& controller : controllers) {
    const CgroupHierarchy* hierarchy = mounts.Find(controller);
    if (hierarchy == nullptr) {
      return absl::UnavailableError(
          absl::StrCat("cgroup controller ", controller,
                       ": this host has it in no mounted hierarchy"));
    }
    if (hierarchy->version == CgroupVersion::kV2) {
      places.v2_controllers.push_back(controller);
    }
    const bool known = absl::c_any_of(
        places.by_controller,
        [hierarchy](const auto& place) { return place.first == hierarchy; });
    if (!known) places.by_controller.emplace_back(hierarchy, controller);
  }
  if (places.v2_controllers.empty()) places.bare_unified = mounts.Unified();
  return places;
}

absl::Status CheckCgroupPath(const std::string& cgroup) {
  bool valid = cgroup.size() > 1 && cgroup.front() == '/';
  for (absl::string_view name :
       absl::StrSplit(absl::StripPrefix(cgroup, "/"), '/')) {
    valid = valid && !name.empty() && name != "." && name != "..";
  }
  if (valid) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "cgroup \"", cgroup, "\": give an absolute path such as /reeve/web"));
}

std::string CgroupDirectory(const CgroupHierarchy& hierarchy,
                            const std::string& cgroup) {
  return absl::StrCat(hierarchy.mount_point, cgroup);
}

}  // namespace reeve
