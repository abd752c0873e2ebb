#ifndef REEVE_ENFORCEMENT_CGROUP_BLOCK_DEVICE_H_
#define REEVE_ENFORCEMENT_CGROUP_BLOCK_DEVICE_H_

#include <string>

#include "absl/status/statusor.h"

namespace reeve {

// The number of a block device, "8:0", that is given as one or by its path.
// kNotFound if this host has no such device, kInvalidArgument for what is no
// block device and for a partition, which the kernel does not limit by itself:
// then the error names the whole disk. `sysfs` is where /sys is.
absl::StatusOr<std::string> ResolveBlockDevice(const std::string& device,
                                               const std::string& sysfs);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_BLOCK_DEVICE_H_
