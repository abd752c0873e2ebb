#ifndef REEVE_AGENT_DOCTOR_CONTROLLER_CHECK_H_
#define REEVE_AGENT_DOCTOR_CONTROLLER_CHECK_H_

#include <string>
#include <vector>

#include "agent/doctor/finding.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/parent_offer.h"

namespace reeve {

// Which hierarchies are mounted: "v1", "v2" or "hybrid".
Finding CheckCgroupLayout(const CgroupMounts& mounts);

// Whether a cgroup can be made below the parent of `question` in each hierarchy
// that tasks would use. Makes and removes one in each.
Finding CheckTaskCgroups(const CgroupMounts& mounts,
                         const OfferQuestion& question);

// For each controller that has limits: where it is, which of its limits can be
// had below the parent, and why not the others.
std::vector<ControllerFinding> CheckControllers(const CgroupMounts& mounts,
                                                const OfferQuestion& question);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_CONTROLLER_CHECK_H_
