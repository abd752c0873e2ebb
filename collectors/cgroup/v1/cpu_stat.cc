#include "collectors/cgroup/v1/cpu_stat.h"

#include <optional>

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<CpuStatV1> ParseCpuStatV1(absl::string_view contents) {
  std::optional<uint64_t> nr_periods;
  std::optional<uint64_t> nr_throttled;
  std::optional<uint64_t> throttled_time;
  CpuStatV1 stat;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"nr_periods", &nr_periods},
                               {"nr_throttled", &nr_throttled},
                               {"throttled_time", &throttled_time},
                               {"nr_bursts", &stat.nr_bursts},
                               {"burst_time", &stat.burst_time}});
  if (!scanned.ok()) return scanned;
  if (!nr_periods.has_value() || !nr_throttled.has_value() ||
      !throttled_time.has_value()) {
    return absl::DataLossError(
        "nr_periods, nr_throttled or throttled_time is missing");
  }
  stat.nr_periods = *nr_periods;
  stat.nr_throttled = *nr_throttled;
  stat.throttled_time = *throttled_time;
  return stat;
}

}  // namespace reeve
