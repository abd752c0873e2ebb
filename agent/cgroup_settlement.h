#ifndef REEVE_AGENT_CGROUP_SETTLEMENT_H_
#define REEVE_AGENT_CGROUP_SETTLEMENT_H_

#include <string>

#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// Finds the parent for the cgroups of tasks, `requested` or the default of
// ChooseAgentPlace(), and moves this process out of the way where it would keep
// the parent from having controllers: into a leaf, where it stays. A move that
// fails is logged; the limits that it stands in the way of are then refused by
// name. Call it before other processes are started.
std::string SettleInCgroups(const CgroupMounts& mounts,
                            const std::string& requested,
                            const std::string& procfs);

}  // namespace reeve

#endif  // REEVE_AGENT_CGROUP_SETTLEMENT_H_
