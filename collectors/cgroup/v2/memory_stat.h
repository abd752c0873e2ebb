#ifndef REEVE_COLLECTORS_CGROUP_V2_MEMORY_STAT_H_
#define REEVE_COLLECTORS_CGROUP_V2_MEMORY_STAT_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of cgroup v2 `memory.stat`, in bytes. Names are the kernel's.
struct MemoryStatV2 {
  uint64_t anon = 0;
  uint64_t file = 0;
  // Linux 5.18 and newer.
  std::optional<uint64_t> kernel;
  uint64_t file_mapped = 0;
  uint64_t inactive_file = 0;
};

// kDataLoss if a required key is missing or a value is not a number.
absl::StatusOr<MemoryStatV2> ParseMemoryStatV2(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V2_MEMORY_STAT_H_
