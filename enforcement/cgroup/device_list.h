#ifndef REEVE_ENFORCEMENT_CGROUP_DEVICE_LIST_H_
#define REEVE_ENFORCEMENT_CGROUP_DEVICE_LIST_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/device_access.h"

namespace reeve {

// Parses devices.list of a v1 cgroup: lines as "c 1:3 rwm", and "a *:* rwm"
// alone if all is allowed. kDataLoss naming a line that is no such.
absl::StatusOr<std::vector<DeviceAccess>> ParseDeviceList(
    absl::string_view text);

// Lets the processes of the v1 cgroup with the directory `dir_fd` use the
// devices of `allowed` and no others, through devices.deny and devices.allow,
// and reads that back. What was allowed and still is stays so meanwhile. Of the
// default access they have what the parent has; of anything else the lack of it
// is kPermissionDenied. After an error they have what they had, if the kernel
// lets them.
absl::Status RestrictDeviceList(int dir_fd,
                                const std::vector<DeviceAccess>& allowed);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_DEVICE_LIST_H_
