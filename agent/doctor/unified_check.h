#ifndef REEVE_AGENT_DOCTOR_UNIFIED_CHECK_H_
#define REEVE_AGENT_DOCTOR_UNIFIED_CHECK_H_

#include <string>
#include <vector>

#include "agent/doctor/finding.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// What the v2 hierarchy offers, with or without controllers: cgroup.kill,
// placement by clone3 and pressure. Makes a cgroup there and removes it:
// below `parent` ("/reeve") or, as long as that is not there, above it.
std::vector<Finding> CheckUnified(const CgroupMounts& mounts,
                                  const std::string& parent);

// Pressure stall information of the whole host, PROCFS/pressure.
Finding CheckHostPressure(const std::string& procfs);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_UNIFIED_CHECK_H_
