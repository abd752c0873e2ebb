#ifndef REEVE_COLLECTORS_SNAPSHOT_H_
#define REEVE_COLLECTORS_SNAPSHOT_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "collectors/cgroup/cgroup_sample.h"
#include "collectors/extra_sample.h"
#include "collectors/task_target.h"

namespace reeve {

// A process is its pid and its start time: the kernel gives a pid out again.
struct ProcessIdentity {
  pid_t pid = 0;
  // Clock ticks since boot: field 22 of /proc/PID/stat.
  uint64_t start_time_ticks = 0;

  bool operator==(const ProcessIdentity& other) const {
    return pid == other.pid && start_time_ticks == other.start_time_ticks;
  }
};

// One process of a task at one instant.
struct ProcessSnapshot {
  ProcessIdentity identity;
  std::string comm;
  absl::Time started_at;
  uint64_t cpu_user_ns = 0;
  uint64_t cpu_system_ns = 0;
  uint64_t rss_bytes = 0;
  uint64_t swap_bytes = 0;
  uint64_t threads = 0;
  // 'R', 'S', 'D', 'Z' …: proc_pid_stat(5).
  char state = 0;
  // 100 is one core; absent on the first sample. `cpu_percent` is user plus
  // system: waiting for I/O is not CPU time.
  std::optional<double> cpu_percent;
  std::optional<double> cpu_user_percent;
  std::optional<double> cpu_system_percent;
};

// The highest values of the samples of the last minute. Absent if the collector
// of peaks is off, and before there is one.
struct RecentPeaks {
  // 100 is one core.
  std::optional<double> cpu_percent;
  std::optional<uint64_t> memory_bytes;
};

// One task, or one group, at one instant: what was read, and what follows from
// two readings.
struct TaskSnapshot {
  // Never null. Replaced, not changed, when a limit changes.
  std::shared_ptr<const TaskTarget> target;
  absl::Time taken_at;
  CgroupSample cgroup;
  // 100 is one core. Absent on the first sample and after a counter reset.
  std::optional<double> cpu_percent;
  std::optional<double> cpu_user_percent;
  std::optional<double> cpu_system_percent;
  // CPU cycles a second now, in MHz; and consumed since the start, in millions.
  std::optional<double> cpu_ticks_mhz;
  std::optional<double> cpu_ticks_total;
  RecentPeaks recent_peaks;
  // Null if no optional collector that reads files is on. Read less often.
  std::shared_ptr<const ExtraSample> extra;
  // From the last look at the task's processes, which is rarer than a sample.
  std::shared_ptr<const std::vector<ProcessSnapshot>> processes;
  // The task has exited, and these are its last values.
  bool is_final = false;
};

// One sampling round. Immutable once published.
struct Snapshot {
  // Counts rounds from 1.
  uint64_t generation = 0;
  absl::Time taken_at;
  absl::Duration taken_at_monotonic;
  std::vector<std::shared_ptr<const TaskSnapshot>> tasks;
  std::vector<std::shared_ptr<const TaskSnapshot>> groups;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_SNAPSHOT_H_
