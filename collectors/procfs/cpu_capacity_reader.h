#ifndef REEVE_COLLECTORS_PROCFS_CPU_CAPACITY_READER_H_
#define REEVE_COLLECTORS_PROCFS_CPU_CAPACITY_READER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collectors/cpu_ticks.h"

namespace reeve {

// What is wanted of /proc/cpuinfo.
struct CpuInfo {
  // Logical CPUs.
  uint64_t processors = 0;
  // Of the first CPU, now. Not every architecture prints it.
  std::optional<double> mhz;
};

CpuInfo ParseCpuInfo(absl::string_view contents);

// The logical CPUs of PROCFS/cpuinfo, and the MHz of the first of them from the
// first of these that tells it:
//   SYSFS/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq   (kHz)
//   SYSFS/devices/system/cpu/cpu0/cpufreq/base_frequency     (kHz)
//   PROCFS/cpuinfo, "cpu MHz"
// kNotFound if none does.
absl::StatusOr<CpuCapacity> ReadCpuCapacity(const std::string& procfs,
                                            const std::string& sysfs);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_CPU_CAPACITY_READER_H_
