#include "collectors/cgroup/v2/io_stat.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/kernel_number.h"
#include "collectors/cgroup/device_number.h"

namespace reeve {
namespace {

std::optional<uint64_t>* FieldOf(absl::string_view key, DeviceIo& io) {
  if (key == "rbytes") return &io.read_bytes;
  if (key == "wbytes") return &io.write_bytes;
  if (key == "dbytes") return &io.discard_bytes;
  if (key == "rios") return &io.read_operations;
  if (key == "wios") return &io.write_operations;
  if (key == "dios") return &io.discard_operations;
  return nullptr;
}

// False if a value is not a number.
bool SetValue(absl::string_view word, DeviceIo& io) {
  const size_t equals = word.find('=');
  if (equals == absl::string_view::npos) return true;
  std::optional<uint64_t>* const field = FieldOf(word.substr(0, equals), io);
  if (field == nullptr) return true;
  *field = DecimalFrom(word.substr(equals + 1));
  return field->has_value();
}

// Some 5.x kernels put devices without values before another on one line:
// "7:1 7:0 8:0 rbytes=…". The values are those of the last.
std::optional<DeviceIo> ParseLine(absl::string_view line) {
  DeviceIo io;
  for (const absl::string_view word :
       absl::StrSplit(line, ' ', absl::SkipEmpty())) {
    if (IsDeviceNumber(word)) {
      io.device = std::string(word);
    } else if (io.device.empty() || !SetValue(word, io)) {
      return std::nullopt;
    }
  }
  return io;
}

}  // namespace

absl::StatusOr<std::vector<DeviceIo>> ParseIoStatV2(
    absl::string_view contents) {
  std::vector<DeviceIo> devices;
  absl::string_view odd;
  for (const absl::string_view line :
       absl::StrSplit(contents, '\n', absl::SkipEmpty())) {
    std::optional<DeviceIo> io = ParseLine(line);
    if (io.has_value() && !io->device.empty()) {
      devices.push_back(*std::move(io));
    } else {
      odd = line;
    }
  }
  if (devices.empty() && !odd.empty()) {
    return absl::DataLossError(absl::StrCat(
        "not of a device: \"", absl::CEscape(odd.substr(0, 60)), "\""));
  }
  return devices;
}

}  // namespace reeve
