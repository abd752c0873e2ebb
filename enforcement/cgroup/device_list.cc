#include "enforcement/cgroup/device_list.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr char kAllow[] = "devices.allow";
constexpr char kDeny[] = "devices.deny";
constexpr char kList[] = "devices.list";
// To either of the first two: all devices.
constexpr char kAll[] = "a";

using Accesses = std::vector<DeviceAccess>;

bool ParseNumber(absl::string_view text, std::optional<uint32_t>* number) {
  uint32_t value = 0;
  if (text == "*") return true;
  if (!absl::SimpleAtoi(text, &value)) return false;
  *number = value;
  return true;
}

bool ParsePermissions(absl::string_view text, DeviceAccess* access) {
  for (const char letter : text) {
    switch (letter) {
      case 'r':
        access->read = true;
        break;
      case 'w':
        access->write = true;
        break;
      case 'm':
        access->mknod = true;
        break;
      default:
        return false;
    }
  }
  return true;
}

std::optional<DeviceAccess> ParseLine(absl::string_view line) {
  const std::vector<absl::string_view> fields = absl::StrSplit(line, ' ');
  if (fields.size() != 3) return std::nullopt;
  const std::vector<absl::string_view> numbers = absl::StrSplit(fields[1], ':');
  if (fields[0] != "a" && fields[0] != "b" && fields[0] != "c") {
    return std::nullopt;
  }
  DeviceAccess access;
  access.type = fields[0].front();
  if (numbers.size() != 2 || !ParseNumber(numbers[0], &access.major) ||
      !ParseNumber(numbers[1], &access.minor) ||
      !ParsePermissions(fields[2], &access)) {
    return std::nullopt;
  }
  return access;
}

absl::StatusOr<Accesses> ReadDeviceList(int dir_fd) {
  const absl::StatusOr<std::string> text = ReadFileAt(dir_fd, kList);
  if (!text.ok()) return text.status();
  return ParseDeviceList(*text);
}

// The kernel lists exceptions only of a cgroup that may not use all.
bool IsUnrestricted(const Accesses& list) {
  return absl::c_any_of(
      list, [](const DeviceAccess& access) { return access.type == 'a'; });
}

absl::Status Write(int dir_fd, const char* file, const std::string& entry) {
  absl::Status status = WriteFileAt(dir_fd, file, entry);
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrCat(status.message(), " (\"", entry, "\")",
                   absl::IsPermissionDenied(status)
                       ? ": run the agent as root, in a cgroup that has it"
                       : ""));
}

// Allows before it denies, so that nothing is missing meanwhile. What the
// parent has not got is left out if a default has it, and taken from `wanted`.
absl::Status Change(int dir_fd, const Accesses& now, Accesses* wanted) {
  const Accesses defaults = DefaultDeviceAccess();
  for (const DeviceAccess& access : DeviceAccessBeyond(*wanted, now)) {
    absl::Status status = Write(dir_fd, kAllow, DeviceAccessText(access));
    if (absl::IsPermissionDenied(status) &&
        DeviceAccessBeyond({access}, defaults).empty()) {
      *wanted = DeviceAccessBeyond(*wanted, {access});
    } else if (!status.ok()) {
      return status;
    }
  }
  for (const DeviceAccess& access : DeviceAccessBeyond(now, *wanted)) {
    absl::Status status = Write(dir_fd, kDeny, DeviceAccessText(access));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

std::string TextOf(const Accesses& accesses) {
  return absl::StrJoin(accesses, ", ",
                       [](std::string* text, const DeviceAccess& access) {
                         absl::StrAppend(text, DeviceAccessText(access));
                       });
}

absl::Status CheckList(int dir_fd, const Accesses& wanted) {
  const absl::StatusOr<Accesses> list = ReadDeviceList(dir_fd);
  if (!list.ok()) return list.status();
  if (!IsUnrestricted(*list) && MergeDeviceAccess(*list) == wanted) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat(kList, " reads ", TextOf(*list),
                                          " where ", TextOf(wanted),
                                          " was written"));
}

absl::Status Restrict(int dir_fd, Accesses now, const Accesses& allowed) {
  if (IsUnrestricted(now)) {
    absl::Status status = Write(dir_fd, kDeny, kAll);
    if (!status.ok()) return status;
    now.clear();
  }
  Accesses wanted = MergeDeviceAccess(allowed);
  absl::Status status = Change(dir_fd, now, &wanted);
  if (!status.ok()) return status;
  return CheckList(dir_fd, wanted);
}

void PutBack(int dir_fd, Accesses before) {
  if (IsUnrestricted(before)) {
    Write(dir_fd, kAllow, kAll).IgnoreError();
    return;
  }
  const absl::StatusOr<Accesses> now = ReadDeviceList(dir_fd);
  if (now.ok()) Change(dir_fd, *now, &before).IgnoreError();
}

}  // namespace

absl::StatusOr<std::vector<DeviceAccess>> ParseDeviceList(
    absl::string_view text) {
  std::vector<DeviceAccess> list;
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::optional<DeviceAccess> access = ParseLine(line);
    if (!access.has_value()) {
      return absl::DataLossError(absl::StrCat(kList, ": not an entry: \"",
                                              absl::CHexEscape(line), "\""));
    }
    list.push_back(*access);
  }
  return list;
}

absl::Status RestrictDeviceList(int dir_fd,
                                const std::vector<DeviceAccess>& allowed) {
  const absl::StatusOr<Accesses> before = ReadDeviceList(dir_fd);
  if (!before.ok()) return before.status();
  absl::Status status = Restrict(dir_fd, *before, allowed);
  if (!status.ok()) PutBack(dir_fd, *before);
  return status;
}

}  // namespace reeve
