#include "agent/cli/device_limits_text.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "base/quantity.h"

namespace reeve {
namespace {

// "8:0 rbps=10M wiops=100"; what is not limited is left out.
std::string IoMaxText(const v1::IoMax& io) {
  std::string text = io.device();
  if (io.read_bps() > 0) {
    absl::StrAppend(&text, " rbps=", ShortSize(io.read_bps()));
  }
  if (io.write_bps() > 0) {
    absl::StrAppend(&text, " wbps=", ShortSize(io.write_bps()));
  }
  if (io.read_iops() > 0) absl::StrAppend(&text, " riops=", io.read_iops());
  if (io.write_iops() > 0) absl::StrAppend(&text, " wiops=", io.write_iops());
  return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> DeviceLimitsText(
    const v1::Limits& limits) {
  std::vector<std::pair<std::string, std::string>> lines;
  if (limits.has_cpuset_cpus()) {
    lines.emplace_back("cpuset", limits.cpuset_cpus());
  }
  if (limits.has_reserved_cpus()) {
    lines.emplace_back("reserved CPUs", absl::StrCat(limits.reserved_cpus()));
  }
  if (limits.has_cpuset_mems()) {
    lines.emplace_back("memory nodes", limits.cpuset_mems());
  }
  if (limits.has_io_weight()) {
    lines.emplace_back("io weight", absl::StrCat(limits.io_weight()));
  }
  for (const v1::IoMax& io : limits.io_max()) {
    lines.emplace_back("io max", IoMaxText(io));
  }
  for (const v1::HugetlbLimit& limit : limits.hugetlb()) {
    lines.emplace_back("huge pages", absl::StrCat(limit.page_size(), " ",
                                                  ShortSize(limit.bytes())));
  }
  return lines;
}

}  // namespace reeve
