#include "enforcement/cgroup/example_cgroup.h"

#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/cgroup_access.h"
#include "enforcement/cgroup/child_cgroups.h"

namespace reeve {

std::optional<std::string> CgroupWithFile(const std::string& mount_point,
                                          const std::string& cgroup,
                                          const std::string& file) {
  const auto has_file = [&file](const std::string& directory) {
    return access(absl::StrCat(directory, "/", file).c_str(), F_OK) == 0;
  };
  for (std::string at = NearestExistingCgroup(mount_point, cgroup); !at.empty();
       at = ParentCgroup(at)) {
    std::string directory = absl::StrCat(mount_point, at);
    if (has_file(directory)) return directory;
  }
  const absl::StatusOr<UniqueFd> root = OpenDirAt(AT_FDCWD, mount_point);
  if (!root.ok()) return std::nullopt;
  const absl::StatusOr<std::vector<std::string>> children =
      ChildCgroups(root->get());
  if (!children.ok()) return std::nullopt;
  for (const std::string& child : *children) {
    std::string directory = absl::StrCat(mount_point, "/", child);
    if (has_file(directory)) return directory;
  }
  return std::nullopt;
}

}  // namespace reeve
