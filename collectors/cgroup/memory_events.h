#ifndef REEVE_COLLECTORS_CGROUP_MEMORY_EVENTS_H_
#define REEVE_COLLECTORS_CGROUP_MEMORY_EVENTS_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// How often memory was short in a cgroup. Names are the kernel's. What it does
// not tell is absent.
struct MemoryEvents {
  // Reclaimed though below memory.low or memory.min.
  std::optional<uint64_t> low;
  // Slowed down above memory.high.
  std::optional<uint64_t> high;
  // Stopped at memory.max.
  std::optional<uint64_t> max;
  // Out of memory, whether or not a process was killed for it.
  std::optional<uint64_t> oom;
  // Processes that were killed for it. Since Linux 4.13.
  std::optional<uint64_t> oom_kill;
};

// From v2 `memory.events`, or from v1 `memory.oom_control`, which tells of
// oom_kill alone. kDataLoss if one of them is not a number.
absl::StatusOr<MemoryEvents> ParseMemoryEvents(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_MEMORY_EVENTS_H_
