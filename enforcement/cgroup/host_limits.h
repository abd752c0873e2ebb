#ifndef REEVE_ENFORCEMENT_CGROUP_HOST_LIMITS_H_
#define REEVE_ENFORCEMENT_CGROUP_HOST_LIMITS_H_

#include <string>

#include "absl/status/statusor.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// Limits of a cgroup below `parent`, held against this host before anything is
// made or written: devices become their numbers. kInvalidArgument naming CPUs
// and memory nodes that the parent does not have, page sizes that the kernel
// does not have, each with those there are, and devices that are none or named
// twice; kNotFound for a device that is not there. Reads nothing of the host
// for other limits. `sysfs` is where /sys is.
absl::StatusOr<ResourceLimits> ResolveLimits(const ResourceLimits& limits,
                                             const CgroupMounts& mounts,
                                             const std::string& parent,
                                             const std::string& sysfs = "/sys");

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_HOST_LIMITS_H_
