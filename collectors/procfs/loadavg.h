#ifndef REEVE_COLLECTORS_PROCFS_LOADAVG_H_
#define REEVE_COLLECTORS_PROCFS_LOADAVG_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of /proc/loadavg: proc_loadavg(5).
struct Loadavg {
  // Threads that ran, could have run or waited for a device, on average over 1,
  // 5 and 15 minutes.
  std::array<double, 3> load = {};
  // All threads there are.
  std::optional<uint64_t> threads;
};

// kDataLoss if there are no three averages.
absl::StatusOr<Loadavg> ParseLoadavg(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_LOADAVG_H_
