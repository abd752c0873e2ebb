#ifndef REEVE_TESTS_INTEGRATION_CPU_COUNTERS_H_
#define REEVE_TESTS_INTEGRATION_CPU_COUNTERS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/cgroup_reader.h"

namespace reeve {

// The CPU counters of one cgroup.
class CpuCounters {
 public:
  explicit CpuCounters(const CgroupDirs& dirs);

  CgroupSample Read();
  absl::Duration Usage();

 private:
  const SystemClock clock_{};
  absl::StatusOr<CgroupReader> reader_;
  ReadBuffer buffer_;
};

// Cores used in periods that follow each other, in each of which the task was
// held back, by the kernel's own count of both. A period in which others left
// the task too little for that says nothing of its quota: the count starts
// again. Nullopt if it never gets far enough. Of the default period only.
std::optional<double> CoresOfThrottledPeriods(const CgroupDirs& dirs);

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_CPU_COUNTERS_H_
