#ifndef REEVE_COLLECTORS_CGROUP_V1_CPUACCT_STAT_H_
#define REEVE_COLLECTORS_CGROUP_V1_CPUACCT_STAT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// cgroup v1 `cpuacct.stat`, in clock ticks: too coarse where the kernel has
// cpuacct.usage_user and cpuacct.usage_sys.
struct CpuacctStatV1 {
  uint64_t user = 0;
  uint64_t system = 0;
};

// kDataLoss if a key is missing or is not a number.
absl::StatusOr<CpuacctStatV1> ParseCpuacctStatV1(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V1_CPUACCT_STAT_H_
