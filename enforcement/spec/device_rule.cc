#include "enforcement/spec/device_rule.h"

#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "enforcement/spec/mount_spec.h"

namespace reeve {
namespace {

struct Letter {
  char letter;
  bool DeviceSpec::*allowed;
};

constexpr Letter kLetters[] = {{'r', &DeviceSpec::read},
                               {'w', &DeviceSpec::write},
                               {'m', &DeviceSpec::mknod}};

constexpr absl::string_view kBelow = "/dev/";

absl::Status Wrong(absl::string_view device, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("device \"", absl::CHexEscape(device), "\": ", why));
}

bool HasName(absl::string_view path, absl::string_view name) {
  for (const absl::string_view part : absl::StrSplit(path, '/')) {
    if (part == name) return true;
  }
  return false;
}

absl::Status ValidateDevice(const DeviceSpec& device) {
  const std::string text = DeviceText(device);
  if (DevicePermissionsText(device).empty()) {
    return Wrong(text, "it allows nothing");
  }
  if (absl::StrContains(text, absl::string_view("\0", 1))) {
    return Wrong(text, "a path has no NUL");
  }
  if (!absl::StartsWith(device.host_path, "/") ||
      HasName(device.host_path, "..")) {
    return Wrong(text, "use an absolute path of the host, without \"..\"");
  }
  if (!absl::StartsWith(device.task_path, kBelow) ||
      !IsPlainPath(device.task_path)) {
    return Wrong(text,
                 "its path in the task must be one below /dev, such as "
                 "/dev/fuse, without \".\", \"..\" and empty names");
  }
  return absl::OkStatus();
}

// Whether one of `paths` is a directory of `path`.
bool IsBelowOneOf(const std::set<std::string>& paths, const std::string& path) {
  for (size_t slash = path.find('/', kBelow.size()); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    if (paths.count(path.substr(0, slash)) != 0) return true;
  }
  return false;
}

}  // namespace

std::string DevicePermissionsText(const DeviceSpec& device) {
  std::string text;
  for (const Letter& letter : kLetters) {
    if (device.*letter.allowed) text.push_back(letter.letter);
  }
  return text;
}

absl::Status ParseDevicePermissions(absl::string_view text,
                                    DeviceSpec* device) {
  DeviceSpec allowed;
  for (const char wanted : text) {
    bool is_known = false;
    for (const Letter& letter : kLetters) {
      if (letter.letter != wanted || allowed.*letter.allowed) continue;
      allowed.*letter.allowed = true;
      is_known = true;
    }
    if (!is_known) {
      return Wrong(text, "allow some of r, w and m, such as in /dev/fuse:rw");
    }
  }
  for (const Letter& letter : kLetters) {
    device->*letter.allowed = allowed.*letter.allowed;
  }
  return absl::OkStatus();
}

std::string DeviceText(const DeviceSpec& device) {
  std::string text = device.host_path;
  if (device.task_path != device.host_path) {
    absl::StrAppend(&text, ":", device.task_path);
  }
  return absl::StrCat(text, ":", DevicePermissionsText(device));
}

absl::StatusOr<DeviceSpec> ParseDevice(absl::string_view text) {
  // Splitting a null string gives no part at all.
  if (text.empty()) return Wrong(text, "give HOST[:TASK][:PERMISSIONS]");
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  const bool has_task_path =
      parts.size() == 3 ||
      (parts.size() == 2 && absl::StartsWith(parts[1], "/"));
  const size_t paths = has_task_path ? 2 : 1;
  if (parts.size() > paths + 1) {
    return Wrong(text, "give HOST[:TASK][:PERMISSIONS]");
  }
  DeviceSpec device;
  device.host_path = std::string(parts[0]);
  device.task_path = std::string(parts[paths - 1]);
  absl::Status status = ParseDevicePermissions(
      parts.size() > paths ? parts[paths] : "rwm", &device);
  if (status.ok()) status = ValidateDevices({device});
  if (!status.ok()) return status;
  return device;
}

absl::Status ValidateDevices(const std::vector<DeviceSpec>& devices) {
  if (devices.size() > kMaxDevices) {
    return absl::InvalidArgumentError(absl::StrCat(
        devices.size(), " devices: give ", kMaxDevices, " at most"));
  }
  std::set<std::string> paths;
  for (const DeviceSpec& device : devices) {
    absl::Status status = ValidateDevice(device);
    if (!status.ok()) return status;
    if (!paths.insert(device.task_path).second) {
      return Wrong(DeviceText(device),
                   "another has the same path in the task: give it one of its "
                   "own, as HOST:/dev/NAME");
    }
  }
  for (const DeviceSpec& device : devices) {
    if (IsBelowOneOf(paths, device.task_path)) {
      return Wrong(DeviceText(device),
                   "its path in the task is below that of another device");
    }
  }
  return absl::OkStatus();
}

}  // namespace reeve
