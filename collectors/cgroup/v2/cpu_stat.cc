#include "collectors/cgroup/v2/cpu_stat.h"

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<CpuStatV2> ParseCpuStatV2(absl::string_view contents) {
  std::optional<uint64_t> usage;
  std::optional<uint64_t> user;
  std::optional<uint64_t> system;
  CpuStatV2 stat;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"usage_usec", &usage},
                               {"user_usec", &user},
                               {"system_usec", &system},
                               {"nr_periods", &stat.nr_periods},
                               {"nr_throttled", &stat.nr_throttled},
                               {"throttled_usec", &stat.throttled_usec},
                               {"nr_bursts", &stat.nr_bursts},
                               {"burst_usec", &stat.burst_usec}});
  if (!scanned.ok()) return scanned;
  if (!usage.has_value() || !user.has_value() || !system.has_value()) {
    return absl::DataLossError(
        "usage_usec, user_usec or system_usec is missing");
  }
  stat.usage_usec = *usage;
  stat.user_usec = *user;
  stat.system_usec = *system;
  return stat;
}

}  // namespace reeve
