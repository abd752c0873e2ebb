#ifndef REEVE_COLLECTORS_CGROUP_MEMORY_BREAKDOWN_H_
#define REEVE_COLLECTORS_CGROUP_MEMORY_BREAKDOWN_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/extra_sample.h"

namespace reeve {

// What memory is used for and what its shortage costs, from `memory.stat`. What
// a version or kernel does not tell is absent. kDataLoss if a value is not a
// number.
absl::StatusOr<MemoryBreakdown> ParseMemoryBreakdown(
    CgroupVersion version, absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_MEMORY_BREAKDOWN_H_
