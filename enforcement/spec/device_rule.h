#ifndef REEVE_ENFORCEMENT_SPEC_DEVICE_RULE_H_
#define REEVE_ENFORCEMENT_SPEC_DEVICE_RULE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/device_access.h"

namespace reeve {

// A device of the host that a task gets.
struct DeviceSpec {
  // Absolute; a symbolic link stands for what it leads to.
  std::string host_path;
  // Where the task finds it, below /dev.
  std::string task_path;
  bool read = false;
  bool write = false;
  // Make files for it, mknod(2).
  bool mknod = false;
};

constexpr size_t kMaxDevices = 256;

// The letters of what the task may do, in the order "rwm": "rw".
std::string DevicePermissionsText(const DeviceSpec& device);

// Sets what `text` allows: some of these letters, each once. kInvalidArgument
// for anything else.
absl::Status ParseDevicePermissions(absl::string_view text, DeviceSpec* device);

// "/dev/sda:/dev/disk:r", and "/dev/fuse:rwm" if the paths are the same.
std::string DeviceText(const DeviceSpec& device);

// Parses HOST[:TASK][:PERMISSIONS]: the task's path is the host's unless it is
// given, and all is allowed. No path has a colon. kInvalidArgument says what is
// wrong.
absl::StatusOr<DeviceSpec> ParseDevice(absl::string_view text);

// kInvalidArgument, naming the device, unless each allows something, of
// absolute paths without "..", no two are at one place of the task, and there
// are not too many.
absl::Status ValidateDevices(const std::vector<DeviceSpec>& devices);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_DEVICE_RULE_H_
