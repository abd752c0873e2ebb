#include "enforcement/spec/device_access.h"

#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

using Key = std::tuple<char, std::optional<uint32_t>, std::optional<uint32_t>>;

Key KeyOf(const DeviceAccess& access) {
  return {access.type, access.major, access.minor};
}

bool AllowsNothing(const DeviceAccess& access) {
  return !access.read && !access.write && !access.mknod;
}

std::map<Key, DeviceAccess> ByKey(const std::vector<DeviceAccess>& accesses) {
  std::map<Key, DeviceAccess> merged;
  for (const DeviceAccess& access : accesses) {
    for (const char type : {'b', 'c'}) {
      if (access.type != type && access.type != 'a') continue;
      DeviceAccess of_type = access;
      of_type.type = type;
      DeviceAccess& entry =
          merged.try_emplace(KeyOf(of_type), of_type).first->second;
      entry.read |= access.read;
      entry.write |= access.write;
      entry.mknod |= access.mknod;
    }
  }
  return merged;
}

std::string NumberText(std::optional<uint32_t> number) {
  return number.has_value() ? absl::StrCat(*number) : "*";
}

DeviceAccess Whole(uint32_t major, std::optional<uint32_t> minor) {
  return {'c', major, minor, true, true, true};
}

}  // namespace

bool operator==(const DeviceAccess& a, const DeviceAccess& b) {
  return KeyOf(a) == KeyOf(b) && a.read == b.read && a.write == b.write &&
         a.mknod == b.mknod;
}

std::string DeviceAccessText(const DeviceAccess& access) {
  return absl::StrCat(std::string(1, access.type), " ",
                      NumberText(access.major), ":", NumberText(access.minor),
                      " ", access.read ? "r" : "", access.write ? "w" : "",
                      access.mknod ? "m" : "");
}

// The numbers are those of Documentation/admin-guide/devices.txt.
std::vector<DeviceAccess> DefaultDeviceAccess() {
  constexpr std::nullopt_t kAny = std::nullopt;
  return {{'c', kAny, kAny, false, false, true},
          {'b', kAny, kAny, false, false, true},
          Whole(1, 3),        // null
          Whole(1, 5),        // zero
          Whole(1, 7),        // full
          Whole(1, 8),        // random
          Whole(1, 9),        // urandom
          Whole(5, 0),        // tty
          Whole(5, 2),        // ptmx
          Whole(10, 200),     // net/tun
          Whole(136, kAny)};  // pts/*
}

std::vector<DeviceAccess> MergeDeviceAccess(
    const std::vector<DeviceAccess>& accesses) {
  return DeviceAccessBeyond(accesses, {});
}

std::vector<DeviceAccess> DeviceAccessBeyond(
    const std::vector<DeviceAccess>& accesses,
    const std::vector<DeviceAccess>& others) {
  const std::map<Key, DeviceAccess> known = ByKey(others);
  std::vector<DeviceAccess> beyond;
  for (auto [key, access] : ByKey(accesses)) {
    const auto found = known.find(key);
    if (found != known.end()) {
      access.read &= !found->second.read;
      access.write &= !found->second.write;
      access.mknod &= !found->second.mknod;
    }
    if (!AllowsNothing(access)) beyond.push_back(access);
  }
  return beyond;
}

}  // namespace reeve
