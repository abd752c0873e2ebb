#ifndef REEVE_COLLECTORS_CGROUP_V1_CPU_STAT_H_
#define REEVE_COLLECTORS_CGROUP_V1_CPU_STAT_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// cgroup v1 `cpu.stat`: what the CPU quota did. Names are the kernel's.
struct CpuStatV1 {
  uint64_t nr_periods = 0;
  uint64_t nr_throttled = 0;
  // Nanoseconds.
  uint64_t throttled_time = 0;
  // Periods that used more than the quota, and how much more, in nanoseconds.
  // Since Linux 5.14.
  std::optional<uint64_t> nr_bursts;
  std::optional<uint64_t> burst_time;
};

// kDataLoss if a required key is missing or is not a number.
absl::StatusOr<CpuStatV1> ParseCpuStatV1(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V1_CPU_STAT_H_
