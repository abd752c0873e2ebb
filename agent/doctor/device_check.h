#ifndef REEVE_AGENT_DOCTOR_DEVICE_CHECK_H_
#define REEVE_AGENT_DOCTOR_DEVICE_CHECK_H_

#include "agent/doctor/finding.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/parent_offer.h"

namespace reeve {

// Whether the cgroups of tasks can be kept from devices, and how: does so to a
// cgroup that is made below the parent of the question, or as near to it as
// there is one, and removed.
Finding CheckDevices(const CgroupMounts& mounts, OfferQuestion question);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_DEVICE_CHECK_H_
