#ifndef REEVE_ENFORCEMENT_SPEC_DEVICE_ACCESS_H_
#define REEVE_ENFORCEMENT_SPEC_DEVICE_ACCESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeve {

// What a cgroup may do with the devices of a number, as an entry of
// devices.list says it.
struct DeviceAccess {
  // 'c' for character devices, 'b' for block devices, 'a' for both.
  char type = 'c';
  // Any if absent.
  std::optional<uint32_t> major;
  std::optional<uint32_t> minor;
  bool read = false;
  bool write = false;
  // Make a file for it, mknod(2).
  bool mknod = false;
};

bool operator==(const DeviceAccess& a, const DeviceAccess& b);

// As the kernel writes it: "c 1:3 rwm", "b *:* m".
std::string DeviceAccessText(const DeviceAccess& access);

// What every task may use: the devices without hardware that programs expect,
// terminals and /dev/net/tun, which is a network of the task's own. A file may
// be made for any device: whether that can be opened is another entry's matter.
std::vector<DeviceAccess> DefaultDeviceAccess();

// The same with one entry for each type and number, which allows all that those
// of `accesses` do together; in a fixed order, without 'a' and what allows
// nothing.
std::vector<DeviceAccess> MergeDeviceAccess(
    const std::vector<DeviceAccess>& accesses);

// What `accesses` has beyond the entries of the same type and number in
// `others`; merged.
std::vector<DeviceAccess> DeviceAccessBeyond(
    const std::vector<DeviceAccess>& accesses,
    const std::vector<DeviceAccess>& others);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_DEVICE_ACCESS_H_
