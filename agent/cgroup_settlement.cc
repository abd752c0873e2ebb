#include "agent/cgroup_settlement.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "enforcement/cgroup/agent_place.h"
#include "glog/logging.h"

namespace reeve {

std::string SettleInCgroups(const CgroupMounts& mounts,
                            const std::string& requested,
                            const std::string& procfs) {
  const CgroupHierarchy* unified = mounts.Unified();
  if (unified == nullptr) return ChooseAgentPlaceOnV1(requested).parent;
  const absl::StatusOr<std::string> cgroups =
      ReadFile(absl::StrCat(procfs, "/self/cgroup"));
  const AgentPlace place = ChooseAgentPlace(
      unified->mount_point, cgroups.ok() ? UnifiedCgroupIn(*cgroups) : "",
      requested);
  if (!place.leaf.empty()) {
    const absl::Status entered = EnterLeaf(unified->mount_point, place.leaf);
    if (!entered.ok()) {
      LOG(WARNING) << "the agent cannot leave the cgroup above that of its "
                      "tasks for "
                   << place.leaf << ": " << entered.message();
    }
  }
  return place.parent;
}

}  // namespace reeve
