#ifndef REEVE_ENFORCEMENT_LAUNCH_TASK_DEVICE_H_
#define REEVE_ENFORCEMENT_LAUNCH_TASK_DEVICE_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "enforcement/spec/device_access.h"
#include "enforcement/spec/device_rule.h"

namespace reeve {

// A file of a device to make for a task, mknod(2).
struct TaskDevice {
  // In the task: "/dev/fuse".
  std::string path;
  // On the host.
  std::string host_path;
  // S_IFCHR or S_IFBLK.
  mode_t type;
  dev_t rdev;
  // Permission bits and owner of the file.
  mode_t permissions;
  uid_t uid;
  gid_t gid;
};

// What a task has of devices.
struct TaskDevices {
  // Each path once.
  std::vector<TaskDevice> nodes;
  // What its cgroup is to allow.
  std::vector<DeviceAccess> access;
};

// The files that every task has: null, zero, full, random, urandom and tty, of
// root and for all.
std::vector<TaskDevice> DefaultTaskDevices();

// The default ones and `devices`, which are looked up on this host now, and
// keep owner and permissions; one at the path of a default file takes its
// place. kNotFound or kInvalidArgument, naming the device, if one is not there
// or is no device. Expects them to be valid.
absl::StatusOr<TaskDevices> ResolveDevices(
    const std::vector<DeviceSpec>& devices);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_TASK_DEVICE_H_
