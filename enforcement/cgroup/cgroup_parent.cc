#include "enforcement/cgroup/cgroup_parent.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace reeve {

void RemoveParentIfEmpty(const CgroupMounts& mounts,
                         const std::string& parent) {
  for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
    // Fails, as it should, where the directory is missing or in use.
    (void)rmdir(absl::StrCat(hierarchy.mount_point, parent).c_str());
  }
}

}  // namespace reeve
