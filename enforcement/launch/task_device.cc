#include "enforcement/launch/task_device.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr mode_t kPermissionBits = 0777;

absl::StatusOr<TaskDevice> Resolve(const DeviceSpec& device) {
  const std::string what = absl::StrCat("device ", device.host_path);
  struct stat info;
  if (stat(device.host_path.c_str(), &info) != 0) {
    return ErrnoStatus(errno, what);
  }
  if (!S_ISCHR(info.st_mode) && !S_ISBLK(info.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(what,
                     ": it is no device; give the file of a character or block "
                     "device, such as /dev/fuse"));
  }
  return TaskDevice{device.task_path,
                    device.host_path,
                    info.st_mode & S_IFMT,
                    info.st_rdev,
                    info.st_mode & kPermissionBits,
                    info.st_uid,
                    info.st_gid};
}

DeviceAccess AccessOf(const DeviceSpec& device, const TaskDevice& node) {
  DeviceAccess access;
  access.type = S_ISBLK(node.type) ? 'b' : 'c';
  access.major = major(node.rdev);
  access.minor = minor(node.rdev);
  access.read = device.read;
  access.write = device.write;
  access.mknod = device.mknod;
  return access;
}

void Put(TaskDevice node, std::vector<TaskDevice>* nodes) {
  const auto same = std::find_if(
      nodes->begin(), nodes->end(),
      [&node](const TaskDevice& other) { return other.path == node.path; });
  if (same != nodes->end()) {
    *same = std::move(node);
  } else {
    nodes->push_back(std::move(node));
  }
}

}  // namespace

std::vector<TaskDevice> DefaultTaskDevices() {
  const auto node = [](const char* path, unsigned major_number,
                       unsigned minor_number) {
    return TaskDevice{path, path, S_IFCHR, makedev(major_number, minor_number),
                      0666, 0,    0};
  };
  return {node("/dev/null", 1, 3),    node("/dev/zero", 1, 5),
          node("/dev/full", 1, 7),    node("/dev/random", 1, 8),
          node("/dev/urandom", 1, 9), node("/dev/tty", 5, 0)};
}

absl::StatusOr<TaskDevices> ResolveDevices(
    const std::vector<DeviceSpec>& devices) {
  TaskDevices resolved = {DefaultTaskDevices(), DefaultDeviceAccess()};
  for (const DeviceSpec& device : devices) {
    absl::StatusOr<TaskDevice> node = Resolve(device);
    if (!node.ok()) return node.status();
    resolved.access.push_back(AccessOf(device, *node));
    Put(*std::move(node), &resolved.nodes);
  }
  return resolved;
}

}  // namespace reeve
