#include "tests/integration/limit_host.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "enforcement/cgroup/cpuset_parent.h"
#include "enforcement/cgroup/huge_pages.h"

namespace reeve {
namespace {

constexpr size_t kDiskBytes = 8 << 20;
constexpr char kNoSuchDisk[] = "4095:4095";

bool IsKeptByRoot(const CgroupMounts& mounts, const char* controller) {
  const CgroupHierarchy* const hierarchy = mounts.Find(controller);
  if (hierarchy == nullptr || hierarchy->version == CgroupVersion::kV1) {
    return false;
  }
  const absl::StatusOr<std::string> passed_on =
      ReadFile(absl::StrCat(hierarchy->mount_point, "/cgroup.subtree_control"));
  return !passed_on.ok() || !absl::StrContains(*passed_on, controller);
}

}  // namespace

LimitHost LimitHost::Find(const CgroupMounts& mounts) {
  LimitHost host;
  absl::StatusOr<AvailableCpuset> available = AvailableIn(mounts, "/");
  if (available.ok()) {
    host.cpus = std::move(available->cpus);
    host.nodes = std::move(available->mems);
  }
  absl::StatusOr<std::unique_ptr<LoopDevice>> disk =
      LoopDevice::Make(kDiskBytes);
  if (disk.ok()) host.disk = *std::move(disk);
  const std::vector<std::string> sizes = HugePageSizes("/sys");
  if (!sizes.empty()) host.huge_page = sizes.front();
  host.is_hugetlb_kept_by_root =
      std::getenv("REEVE_VM") == nullptr && IsKeptByRoot(mounts, "hugetlb");
  return host;
}

std::string LimitHost::DiskNumber() const {
  return disk == nullptr ? kNoSuchDisk : disk->number();
}

}  // namespace reeve
