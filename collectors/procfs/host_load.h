#ifndef REEVE_COLLECTORS_PROCFS_HOST_LOAD_H_
#define REEVE_COLLECTORS_PROCFS_HOST_LOAD_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "collectors/procfs/proc_stat.h"

namespace reeve {

// CPU time of all CPUs since boot, in clock ticks.
struct HostCpuTimes {
  // Neither idle nor waiting for input and output.
  uint64_t busy_ticks = 0;
  uint64_t all_ticks = 0;
  uint64_t cpus = 0;
};

struct HostMemory {
  uint64_t total_bytes = 0;
  // What could be had without swapping.
  uint64_t available_bytes = 0;
};

// Nullopt if `stat` does not tell.
std::optional<HostCpuTimes> CpuTimesFrom(const ProcStat& stat);
// Share of the last ten seconds, 0 to 100, in which something waited; nullopt
// if the text does not tell.
std::optional<double> ParseRecentPressure(absl::string_view pressure);

// One look at the machine. What it does not tell is absent.
struct HostLoad {
  std::optional<HostCpuTimes> cpu;
  std::optional<HostMemory> memory;
  std::optional<std::array<double, 3>> load;
  std::optional<double> cpu_pressure;
  std::optional<double> memory_pressure;
  std::optional<double> io_pressure;
};

// From stat, meminfo, loadavg and pressure/ below PROCFS.
HostLoad ReadHostLoad(const std::string& procfs);

// The last of two looks, and how busy the CPUs were between them.
struct HostUsage {
  HostLoad load;
  // Of all CPUs, 0 to 100; absent if it cannot be told.
  std::optional<double> cpu_percent;
};

HostUsage UsageBetween(const HostLoad& before, const HostLoad& now);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_HOST_LOAD_H_
