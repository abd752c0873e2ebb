#ifndef REEVE_COLLECTORS_CGROUP_CGROUP_SAMPLE_H_
#define REEVE_COLLECTORS_CGROUP_CGROUP_SAMPLE_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace reeve {

// One reading of one cgroup, the same for v1, v2 and hybrid hosts. Time is in
// nanoseconds and memory in bytes, whatever the file's own unit. A value that
// the kernel does not tell is absent, never 0.
struct CgroupSample {
  // Monotonic clock, next to the read of the CPU counters.
  absl::Duration taken_at;
  // Identity of the cgroup: changes if it is removed and made again.
  uint64_t inode = 0;

  std::optional<uint64_t> cpu_usage_ns;
  std::optional<uint64_t> cpu_user_ns;
  std::optional<uint64_t> cpu_system_ns;
  std::optional<uint64_t> cpu_periods;
  std::optional<uint64_t> cpu_throttled_periods;
  std::optional<uint64_t> cpu_throttled_ns;
  // Since Linux 5.14.
  std::optional<uint64_t> cpu_burst_periods;
  std::optional<uint64_t> cpu_burst_ns;

  std::optional<uint64_t> memory_usage_bytes;
  // Usage without inactive file cache; never below 0.
  std::optional<uint64_t> memory_working_set_bytes;
  // v1 total_rss, v2 anon.
  std::optional<uint64_t> memory_anon_bytes;
  // v1 total_cache, v2 file.
  std::optional<uint64_t> memory_file_bytes;
  std::optional<uint64_t> memory_mapped_file_bytes;
  std::optional<uint64_t> memory_swap_bytes;
  std::optional<uint64_t> memory_peak_bytes;
  std::optional<uint64_t> memory_kernel_bytes;
  // v1 only.
  std::optional<uint64_t> memory_kernel_peak_bytes;
  // How often memory was short. v2 memory.events; v1 tells of `max` alone, and
  // of that not always.
  std::optional<uint64_t> memory_low_events;
  std::optional<uint64_t> memory_high_events;
  std::optional<uint64_t> memory_max_events;
  std::optional<uint64_t> memory_oom_events;
  std::optional<uint64_t> oom_kills;

  // Processes and threads.
  std::optional<uint64_t> threads;
  // Forks refused by the pids limit.
  std::optional<uint64_t> fork_failures;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_CGROUP_SAMPLE_H_
