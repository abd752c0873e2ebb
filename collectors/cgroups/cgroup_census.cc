#include "collectors/cgroups/cgroup_census.h"

#include <cstdint>
#include <string>

#include "collectors/cgroups/cgroup_walk.h"

namespace reeve {

std::vector<CgroupChange> CgroupCensus::Count(
    absl::FunctionRef<void(const absl::Status&)> on_error) {
  for (size_t i = 0; i < hierarchies_.all().size(); ++i) {
    const absl::Status walked = WalkCgroups(
        hierarchies_.all()[i]->mount_point,
        [this, i](absl::string_view path, uint64_t inode) {
          auto found = cgroups_.find(path);
          if (found == cgroups_.end()) {
            found = cgroups_.emplace(std::string(path), Cgroup()).first;
          }
          found->second.found[i] = inode;
        });
    if (walked.ok()) continue;
    on_error(walked);
    KeepInodes(i);
  }
  return TakeOver();
}

void CgroupCensus::KeepInodes(size_t i) {
  for (auto& [path, cgroup] : cgroups_) {
    if (cgroup.found[i] == 0) cgroup.found[i] = cgroup.inodes[i];
  }
}

std::vector<CgroupChange> CgroupCensus::TakeOver() {
  std::vector<CgroupChange> changes;
  for (auto it = cgroups_.begin(); it != cgroups_.end();) {
    const auto current = it++;
    Cgroup& cgroup = current->second;
    const bool is_new = cgroup.inodes == CgroupInodes();
    const PlaceChange change =
        is_new ? PlaceChange::kNone : ChangeOf(cgroup.inodes, cgroup.found);
    if (is_new || change != PlaceChange::kNone) {
      changes.push_back({current->first, change, cgroup.found});
    }
    if (change == PlaceChange::kGone) {
      cgroups_.erase(current);
      continue;
    }
    cgroup.inodes = cgroup.found;
    cgroup.found = {};
  }
  return changes;
}

}  // namespace reeve
