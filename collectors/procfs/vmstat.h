#ifndef REEVE_COLLECTORS_PROCFS_VMSTAT_H_
#define REEVE_COLLECTORS_PROCFS_VMSTAT_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of /proc/vmstat, all counted since boot. Names are the
// kernel's. What it does not tell is absent.
struct Vmstat {
  // Pages that were read from swap and written to it.
  std::optional<uint64_t> pswpin;
  std::optional<uint64_t> pswpout;
  // Page faults that had to wait for a device.
  std::optional<uint64_t> pgmajfault;
  // Processes killed for want of memory, in cgroups too. Since Linux 4.13.
  std::optional<uint64_t> oom_kill;
};

// kDataLoss if something that is wanted is not a number.
absl::StatusOr<Vmstat> ParseVmstat(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_VMSTAT_H_
