#ifndef REEVE_COLLECTORS_HOST_HOST_SAMPLE_H_
#define REEVE_COLLECTORS_HOST_HOST_SAMPLE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "collectors/extra_sample.h"
#include "collectors/procfs/diskstats.h"
#include "collectors/procfs/file_nr.h"
#include "collectors/procfs/loadavg.h"
#include "collectors/procfs/meminfo.h"
#include "collectors/procfs/proc_stat.h"

namespace reeve {

// As in the flag --collector.NAME and in collect[].
constexpr char kHostCollector[] = "host";

// The machine at one instant. What the kernel does not tell is absent.
struct HostSample {
  // In its clock ticks, which are for `cpu_ns` to tell.
  ProcStat stat;
  // CPU time of all CPUs since boot, by the index in kCpuModes. Never
  // decreases.
  std::array<std::optional<uint64_t>, kCpuModes.size()> cpu_ns;

  Meminfo memory;
  std::optional<uint64_t> swapped_in_bytes;
  std::optional<uint64_t> swapped_out_bytes;
  // Page faults that had to wait for a device.
  std::optional<uint64_t> major_faults;
  // Processes killed for want of memory, those of cgroups too.
  std::optional<uint64_t> oom_kills;

  std::optional<Loadavg> load;
  // The highest number of a process or thread: as many can there be at most.
  std::optional<uint64_t> pid_max;
  std::optional<FileNr> files;

  // `stalled_ns` of the CPU is 0 on every kernel: it means nothing for a whole
  // machine.
  PressureTimes cpu_pressure;
  PressureTimes memory_pressure;
  PressureTimes io_pressure;

  std::vector<DiskCounters> disks;
  std::vector<InterfaceTraffic> interfaces;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_HOST_SAMPLE_H_
