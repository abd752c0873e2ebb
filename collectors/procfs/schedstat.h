#ifndef REEVE_COLLECTORS_PROCFS_SCHEDSTAT_H_
#define REEVE_COLLECTORS_PROCFS_SCHEDSTAT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// One thread, from /proc/PID/task/TID/schedstat:
// Documentation/scheduler/sched-stats.rst.
struct Schedstat {
  uint64_t run_ns = 0;
  // It could have run, and waited for a CPU.
  uint64_t wait_ns = 0;
};

// kDataLoss if there are no such numbers.
absl::StatusOr<Schedstat> ParseSchedstat(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_SCHEDSTAT_H_
