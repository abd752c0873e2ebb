#ifndef REEVE_COLLECTORS_CGROUP_V1_CPU_STAT_H_
#define REEVE_COLLECTORS_CGROUP_V1_CPU_STAT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// cgroup v1 `cpu.stat`: what the CPU quota did. Names are the kernel's.
struct CpuStatV1 {
  uint64_t nr_periods = 0;
  uint64_t nr_throttled = 0;
  // Nanoseconds.
  uint64_t throttled_time = 0;
};

// kDataLoss if a key is missing or is not a number.
absl::StatusOr<CpuStatV1> ParseCpuStatV1(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V1_CPU_STAT_H_
