#include "collectors/cgroup/v1/blkio_stat.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/kernel_number.h"
#include "collectors/cgroup/device_number.h"

namespace reeve {
namespace {

std::optional<uint64_t>* FieldOf(absl::string_view operation, BlkioStat& stat) {
  if (operation == "Read") return &stat.read;
  if (operation == "Write") return &stat.write;
  if (operation == "Discard") return &stat.discard;
  return nullptr;
}

}  // namespace

absl::StatusOr<std::vector<BlkioStat>> ParseBlkioStat(
    absl::string_view contents) {
  std::vector<BlkioStat> devices;
  for (const absl::string_view line : absl::StrSplit(contents, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    if (words.size() != 3 || !IsDeviceNumber(words[0])) continue;
    if (devices.empty() || devices.back().device != words[0]) {
      devices.emplace_back().device = std::string(words[0]);
    }
    std::optional<uint64_t>* const field = FieldOf(words[1], devices.back());
    if (field == nullptr) continue;
    *field = DecimalFrom(words[2]);
    if (!field->has_value()) {
      return absl::DataLossError(absl::StrCat(
          "not a number: \"", absl::CEscape(line.substr(0, 60)), "\""));
    }
  }
  return devices;
}

}  // namespace reeve
