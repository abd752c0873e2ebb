#ifndef REEVE_COLLECTORS_PROCFS_PROC_STAT_H_
#define REEVE_COLLECTORS_PROCFS_PROC_STAT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What CPU time was spent in, in the order of /proc/stat. The guests of virtual
// machines have run in `user`, or in `nice` at a lower priority: the columns
// that tell of them alone are part of those two, and not read.
constexpr std::array<absl::string_view, 8> kCpuModes = {
    "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"};

// What is wanted of /proc/stat: proc_stat(5). What it does not tell is absent.
struct ProcStat {
  // Of all CPUs since boot, in clock ticks, by the index in kCpuModes. Time in
  // idle and iowait may go back a little.
  std::array<std::optional<uint64_t>, kCpuModes.size()> cpu_ticks;
  // CPUs that are online.
  std::optional<uint64_t> cpus;
  std::optional<uint64_t> context_switches;
  // Processes and threads that were started since boot.
  std::optional<uint64_t> forks;
  // Threads that run or could run now, and those that wait for a device.
  std::optional<uint64_t> running;
  std::optional<uint64_t> blocked;
  // When the machine started, in whole seconds of Unix time.
  std::optional<uint64_t> boot_time_seconds;
};

// kDataLoss if something that is wanted is not a number.
absl::StatusOr<ProcStat> ParseProcStat(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PROC_STAT_H_
