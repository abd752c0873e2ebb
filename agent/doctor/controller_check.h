#ifndef REEVE_AGENT_DOCTOR_CONTROLLER_CHECK_H_
#define REEVE_AGENT_DOCTOR_CONTROLLER_CHECK_H_

#include <string>
#include <vector>

#include "agent/doctor/finding.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// Which hierarchies are mounted: "v1", "v2" or "hybrid".
Finding CheckCgroupLayout(const CgroupMounts& mounts);

// For each controller that tasks need: where it is, and whether cgroups can be
// made there. Makes and removes one in each hierarchy.
std::vector<Finding> CheckControllers(const CgroupMounts& mounts);

// Whether the swap of a task is limited together with its memory.
Finding CheckSwapAccounting(const CgroupMounts& mounts);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_CONTROLLER_CHECK_H_
