#include "enforcement/cgroup/cgroup_parent.h"

#include <unistd.h>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/cgroup_access.h"

namespace reeve {

std::vector<std::string> MissingParents(const CgroupMounts& mounts,
                                        const std::string& parent) {
  std::vector<std::string> missing;
  for (std::string cgroup = parent; cgroup.size() > 1;
       cgroup = ParentCgroup(cgroup)) {
    const bool is_missing = absl::c_any_of(
        mounts.hierarchies(), [&cgroup](const CgroupHierarchy& hierarchy) {
          return access(absl::StrCat(hierarchy.mount_point, cgroup).c_str(),
                        F_OK) != 0;
        });
    if (is_missing) missing.push_back(cgroup);
  }
  return missing;
}

void RemoveParentIfEmpty(const CgroupMounts& mounts,
                         const std::string& parent) {
  for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
    // Fails, as it should, where the directory is missing or in use.
    (void)rmdir(absl::StrCat(hierarchy.mount_point, parent).c_str());
  }
}

}  // namespace reeve
