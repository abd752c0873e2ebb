#include "collectors/host/mount_table.h"

#include <cstddef>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "base/mountinfo.h"
#include "base/words.h"

namespace reeve {
namespace {

std::vector<MountinfoLine> MountsIn(absl::string_view mountinfo) {
  std::vector<MountinfoLine> mounts;
  // The last mount on a place hides those before it.
  absl::flat_hash_map<absl::string_view, size_t> at;
  while (!mountinfo.empty()) {
    const std::optional<MountinfoLine> mount =
        ParseMountinfoLine(TakeLine(&mountinfo));
    if (!mount.has_value()) continue;
    const auto known = at.emplace(mount->mount_point, mounts.size());
    if (known.second) {
      mounts.push_back(*mount);
    } else {
      mounts[known.first->second] = *mount;
    }
  }
  return mounts;
}

}  // namespace

std::vector<MountedFilesystem> ParseMountTable(absl::string_view mountinfo) {
  std::vector<MountinfoLine> chosen;
  absl::flat_hash_map<absl::string_view, size_t> by_device;
  for (const MountinfoLine& mount : MountsIn(mountinfo)) {
    const auto known = by_device.emplace(mount.device, chosen.size());
    if (known.second) {
      chosen.push_back(mount);
      continue;
    }
    MountinfoLine& before = chosen[known.first->second];
    if (before.root != "/" && mount.root == "/") before = mount;
  }
  std::vector<MountedFilesystem> filesystems;
  filesystems.reserve(chosen.size());
  for (const MountinfoLine& mount : chosen) {
    filesystems.push_back({UnescapeMountPath(mount.mount_point),
                           UnescapeMountPath(mount.source),
                           UnescapeMountPath(mount.type)});
  }
  return filesystems;
}

}  // namespace reeve
