#ifndef REEVE_ENFORCEMENT_CGROUP_MEMORY_USAGE_H_
#define REEVE_ENFORCEMENT_CGROUP_MEMORY_USAGE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "enforcement/cgroup/limit_files.h"

namespace reeve {

// The number of bytes in a file of the memory controller, such as
// memory.current, read now. kNotFound if the cgroup was removed.
absl::StatusOr<uint64_t> ReadMemoryUsage(const LimitFiles& files,
                                         const char* file);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_MEMORY_USAGE_H_
