#include "enforcement/spec/io_rules.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

constexpr uint32_t kMinWeight = 1;
constexpr uint32_t kMaxWeight = 10'000;
// io.max takes no 1.
constexpr uint64_t kMinRate = 2;
constexpr uint64_t kMaxBps = std::numeric_limits<int64_t>::max();
// The kernel keeps 32 bits, and takes the largest of them for no limit.
constexpr uint64_t kMaxIops = std::numeric_limits<uint32_t>::max() - 1;

bool IsDeviceNumber(absl::string_view device) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(device, absl::MaxSplits(':', 1));
  return DecimalFrom(parts.first).has_value() &&
         DecimalFrom(parts.second).has_value();
}

absl::Status ValidateRate(const IoMax& io, absl::string_view key,
                          const std::optional<Bound>& rate, uint64_t max) {
  if (!rate.has_value() || !rate->value.has_value()) return absl::OkStatus();
  if (*rate->value >= kMinRate && *rate->value <= max) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "io max of ", io.device, ": ", key, " of ", *rate->value, ": give ",
      kMinRate, " to ", max, ", or \"max\" for no limit"));
}

absl::Status ValidateIoMax(const IoMax& io) {
  const bool is_path = !io.device.empty() && io.device.front() == '/' &&
                       io.device.find('\0') == std::string::npos;
  if (!is_path && !IsDeviceNumber(io.device)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "io max of \"", io.device,
        "\": give a block device by its path, such as /dev/sda, or as "
        "MAJOR:MINOR"));
  }
  if (!io.read_bps && !io.write_bps && !io.read_iops && !io.write_iops) {
    return absl::InvalidArgumentError(
        absl::StrCat("io max of ", io.device,
                     ": give at least one of rbps, wbps, riops and wiops"));
  }
  absl::Status status = ValidateRate(io, "rbps", io.read_bps, kMaxBps);
  status.Update(ValidateRate(io, "wbps", io.write_bps, kMaxBps));
  status.Update(ValidateRate(io, "riops", io.read_iops, kMaxIops));
  status.Update(ValidateRate(io, "wiops", io.write_iops, kMaxIops));
  return status;
}

}  // namespace

absl::Status ValidateIo(const ResourceLimits& limits) {
  if (limits.io_weight &&
      (*limits.io_weight < kMinWeight || *limits.io_weight > kMaxWeight)) {
    return absl::InvalidArgumentError(
        absl::StrCat("io weight of ", *limits.io_weight, ": give ", kMinWeight,
                     " to ", kMaxWeight, " (100 is the default)"));
  }
  std::set<absl::string_view> devices;
  for (const IoMax& io : limits.io_max) {
    absl::Status status = ValidateIoMax(io);
    if (!status.ok()) return status;
    if (!devices.insert(io.device).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "io max of ", io.device, ": it is named twice; name it once"));
    }
  }
  return absl::OkStatus();
}

}  // namespace reeve
