#ifndef REEVE_COLLECTORS_CGROUP_V2_CPU_STAT_H_
#define REEVE_COLLECTORS_CGROUP_V2_CPU_STAT_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// cgroup v2 `cpu.stat`. Names and units are the kernel's: microseconds.
struct CpuStatV2 {
  uint64_t usage_usec = 0;
  uint64_t user_usec = 0;
  uint64_t system_usec = 0;
  // Printed only while the cpu controller is enabled.
  std::optional<uint64_t> nr_periods;
  std::optional<uint64_t> nr_throttled;
  std::optional<uint64_t> throttled_usec;
  // The same; since Linux 5.14.
  std::optional<uint64_t> nr_bursts;
  std::optional<uint64_t> burst_usec;
};

// kDataLoss if a required key is missing or a value is not a number.
absl::StatusOr<CpuStatV2> ParseCpuStatV2(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V2_CPU_STAT_H_
