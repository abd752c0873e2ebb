#ifndef REEVE_COLLECTORS_CGROUP_V1_MEMORY_STAT_H_
#define REEVE_COLLECTORS_CGROUP_V1_MEMORY_STAT_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of cgroup v1 `memory.stat`, in bytes. Names are the kernel's.
// The total_ keys count the cgroups below too, as v2 does; the others do not.
struct MemoryStatV1 {
  uint64_t total_cache = 0;
  // Anonymous memory and swap cache: not the RSS of the processes.
  uint64_t total_rss = 0;
  uint64_t total_mapped_file = 0;
  // Printed only if the kernel accounts for swap.
  std::optional<uint64_t> total_swap;
  uint64_t total_inactive_file = 0;
  // The lowest limits of this cgroup and those above it; the second is that of
  // memory and swap together, printed as total_swap is.
  std::optional<uint64_t> hierarchical_memory_limit;
  std::optional<uint64_t> hierarchical_memsw_limit;
};

// kDataLoss if a required key is missing or a value is not a number.
absl::StatusOr<MemoryStatV1> ParseMemoryStatV1(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V1_MEMORY_STAT_H_
