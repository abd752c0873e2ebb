#include "agent/cli/device_limit_flags.h"

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/quantity.h"

namespace reeve {
namespace {

absl::Status Refuse(absl::string_view text, absl::string_view form) {
  return absl::InvalidArgumentError(
      absl::StrCat(text.empty() ? "\"\"" : text, ": ", form));
}

absl::Status RefuseIoMax(absl::string_view text) {
  return Refuse(text,
                "give a device and its rates a second, such as "
                "/dev/sda,rbps=10M,wiops=100");
}

// "KEY=VALUE".
std::pair<std::string, std::string> Split(absl::string_view text) {
  return absl::StrSplit(text, absl::MaxSplits('=', 1));
}

v1::IoMax* DeviceIn(v1::Limits* limits, const std::string& device) {
  for (v1::IoMax& known : *limits->mutable_io_max()) {
    if (known.device() == device) return &known;
  }
  v1::IoMax* const added = limits->add_io_max();
  added->set_device(device);
  return added;
}

v1::HugetlbLimit* PageSizeIn(v1::Limits* limits, const std::string& size) {
  for (v1::HugetlbLimit& known : *limits->mutable_hugetlb()) {
    if (known.page_size() == size) return &known;
  }
  v1::HugetlbLimit* const added = limits->add_hugetlb();
  added->set_page_size(size);
  return added;
}

struct RateKey {
  const char* name;
  absl::StatusOr<std::optional<uint64_t>> (*parse)(absl::string_view text);
  void (v1::IoMax::*set)(uint64_t value);
};

constexpr RateKey kRateKeys[] = {
    {"rbps", ParseSizeLimit, &v1::IoMax::set_read_bps},
    {"wbps", ParseSizeLimit, &v1::IoMax::set_write_bps},
    {"riops", ParseCountLimit, &v1::IoMax::set_read_iops},
    {"wiops", ParseCountLimit, &v1::IoMax::set_write_iops},
};

// In a message 0 is no limit, so what a person calls 0 is refused here.
absl::Status SetRate(const std::string& key, const std::string& value,
                     v1::IoMax* device) {
  for (const RateKey& known : kRateKeys) {
    if (key != known.name) continue;
    const absl::StatusOr<std::optional<uint64_t>> rate = known.parse(value);
    if (!rate.ok()) return rate.status();
    if (*rate == uint64_t{0}) {
      return Refuse(absl::StrCat(key, "=", value),
                    "give more than 0, or \"max\" for no limit");
    }
    (device->*known.set)(rate->value_or(0));
    return absl::OkStatus();
  }
  return Refuse(key, "not a rate: use rbps, wbps, riops or wiops");
}

}  // namespace

absl::Status SetIoMax(const std::string& text, v1::Limits* limits) {
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  if (parts.size() < 2 || parts.front().empty()) return RefuseIoMax(text);
  v1::IoMax* const device = DeviceIn(limits, parts.front());
  std::set<std::string> seen;
  for (size_t i = 1; i < parts.size(); ++i) {
    const auto [key, value] = Split(parts[i]);
    absl::Status status = SetRate(key, value, device);
    if (!status.ok()) return status;
    if (!seen.insert(key).second) {
      return Refuse(text, absl::StrCat("give ", key, " once"));
    }
  }
  return absl::OkStatus();
}

absl::Status SetHugetlb(const std::string& text, v1::Limits* limits) {
  const auto [page_size, value] = Split(text);
  if (page_size.empty() || page_size.size() == text.size()) {
    return Refuse(text, "give a page size and a limit, such as 2MB=64M");
  }
  const absl::StatusOr<std::optional<uint64_t>> bytes = ParseSizeLimit(value);
  if (!bytes.ok()) return bytes.status();
  v1::HugetlbLimit* const limit = PageSizeIn(limits, page_size);
  limit->clear_bytes();
  limit->set_unlimited(!bytes->has_value());
  if (bytes->has_value()) limit->set_bytes(**bytes);
  return absl::OkStatus();
}

}  // namespace reeve
