#include "enforcement/cgroup/io_values.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/kernel_number.h"
#include "enforcement/cgroup/io_rates.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {
namespace {

constexpr char kIoMax[] = "io.max";

using Rate = std::optional<uint64_t>;

IoLimitValues& DeviceIn(LimitValues& values, const std::string& device) {
  for (IoLimitValues& known : values.io) {
    if (known.device == device) return known;
  }
  values.io.emplace_back().device = device;
  return values.io.back();
}

// 0 is no limit.
void AddV1Rate(const LimitSetting& setting, Rate IoLimitValues::*rate,
               LimitValues& values) {
  const Rate limit = DecimalFrom(setting.read_back);
  if (limit.value_or(0) == 0) return;
  DeviceIn(values, setting.item).*rate = limit;
}

void AddV2Rates(const LimitSetting& setting, LimitValues& values) {
  const IoRates rates = ParseIoRates(setting.read_back);
  if (FormatIoRates(rates) == FormatIoRates(IoRates())) return;
  IoLimitValues& device = DeviceIn(values, setting.item);
  device.read_bytes = rates.read_bps.value;
  device.write_bytes = rates.write_bps.value;
  device.read_operations = rates.read_iops.value;
  device.write_operations = rates.write_iops.value;
}

// What was asked for, unless the kernel has another weight by now.
Rate WeightIn(const LimitSetting& setting) {
  const std::string in_force = CanonicalLimit(setting.file, setting.read_back);
  return DecimalFrom(in_force == setting.applied ? setting.requested
                                                 : in_force);
}

const char* DefaultWeight(absl::string_view file) {
  return file == "blkio.weight" ? "500" : "100";
}

// The kernel's weight in our own scale.
std::string RequestedWeight(absl::string_view file, const std::string& text) {
  const std::optional<uint64_t> weight = DecimalFrom(text);
  if (file != "blkio.weight" || !weight.has_value()) return text;
  return absl::StrCat(*weight / 5);
}

}  // namespace

void AddIoValues(const std::vector<LimitSetting>& settings,
                 LimitValues& values) {
  for (const LimitSetting& setting : settings) {
    const std::string& file = setting.file;
    if (file == kIoMax) {
      AddV2Rates(setting, values);
    } else if (file == "blkio.throttle.read_bps_device") {
      AddV1Rate(setting, &IoLimitValues::read_bytes, values);
    } else if (file == "blkio.throttle.write_bps_device") {
      AddV1Rate(setting, &IoLimitValues::write_bytes, values);
    } else if (file == "blkio.throttle.read_iops_device") {
      AddV1Rate(setting, &IoLimitValues::read_operations, values);
    } else if (file == "blkio.throttle.write_iops_device") {
      AddV1Rate(setting, &IoLimitValues::write_operations, values);
    } else if (IsIoFile(file) && !values.io_weight.has_value()) {
      values.io_weight = WeightIn(setting);
    }
  }
}

bool IsIoFile(absl::string_view file) {
  return absl::StartsWith(file, "io.") || absl::StartsWith(file, "blkio.");
}

void AddIoSettings(absl::string_view file, absl::string_view contents,
                   std::vector<LimitSetting>& settings) {
  const std::string controller(file.substr(0, file.find('.')));
  if (absl::EndsWith(file, "weight")) {
    const std::string weight = CanonicalLimit(file, contents);
    if (weight == DefaultWeight(file)) return;
    settings.push_back({controller, std::string(file),
                        RequestedWeight(file, weight), weight, weight});
    return;
  }
  for (absl::string_view line :
       absl::StrSplit(contents, '\n', absl::SkipEmpty())) {
    const std::string device(line.substr(0, line.find(' ')));
    const std::string text = LimitTextIn(file, contents, device);
    settings.push_back(
        {controller, std::string(file), text, text, text, device});
  }
}

}  // namespace reeve
