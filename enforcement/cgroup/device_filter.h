#ifndef REEVE_ENFORCEMENT_CGROUP_DEVICE_FILTER_H_
#define REEVE_ENFORCEMENT_CGROUP_DEVICE_FILTER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/spec/device_access.h"

namespace reeve {

// What keeps the processes of a cgroup from devices.
enum class DeviceFilter {
  // The list of a cgroup in the v1 hierarchy of the devices controller.
  kList,
  // A BPF program on a v2 cgroup, whether or not that has controllers.
  kProgram,
};

// Which of them cgroups in the hierarchies of `offered` can have. Where both
// can be, it is the program if `loads_programs`: a list takes a cgroup of its
// own in one more hierarchy, and a write for each entry. kUnavailable, saying
// what to do, if neither; `why_missing` is that of the offer (see
// parent_offer.h).
absl::StatusOr<DeviceFilter> ChooseDeviceFilter(
    const CgroupMounts& offered,
    const std::map<std::string, std::string>& why_missing, bool loads_programs);

// Whether this process can load device programs. It is tried once, and then
// known. Thread-safe.
bool LoadsDevicePrograms();

// Lets the cgroup with the directory `dir_fd` use what `allowed` says and no
// other device, in place of what it could use before. What the cgroups above it
// do not allow, it does not either. A device that is open already stays so.
// After an error nothing has changed. One call for a cgroup at a time; a
// program that was loaded for the same devices before is used again.
absl::Status FilterDevices(DeviceFilter filter, int dir_fd,
                           const std::vector<DeviceAccess>& allowed);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_DEVICE_FILTER_H_
