#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_UPDATE_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_UPDATE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "enforcement/cgroup/limit_files.h"
#include "enforcement/cgroup/limit_plan.h"
#include "enforcement/cgroup/limit_setting.h"
#include "enforcement/cgroup/memory_decrease.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

struct LimitUpdate {
  // Every file of the limits, in the order of the plan.
  std::vector<LimitSetting> settings;
  // Those of them that held something else and were written.
  std::vector<LimitSetting> written;
  // Set if more memory was in use than a new limit allows.
  std::optional<MemoryDecrease> memory_decrease;
};

// Brings all of `limits` into force, or none: writes the files whose value
// differs, reads each back, and after a failure puts back in reverse order what
// was written. The error has the code of the first failure, and names for each
// file what was wanted, what became of it and what is in force now;
// LimitFaultOf() tells the controller of the file.
//
// A lower memory limit comes into force as `decrease` says; nullptr is for a
// cgroup without processes, where it is just written.
absl::StatusOr<LimitUpdate> UpdateLimits(
    const ResourceLimits& limits, const LimitVersions& versions,
    LimitFiles& files, const MemoryDecreaseOptions* decrease = nullptr);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_UPDATE_H_
