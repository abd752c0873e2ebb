#ifndef REEVE_ENFORCEMENT_CGROUP_CPUSET_PARENT_H_
#define REEVE_ENFORCEMENT_CGROUP_CPUSET_PARENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/cpu_list.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/cgroup_controller.h"

namespace reeve {

// What the cpuset of a parent lets its children have.
struct AvailableCpuset {
  CpuList cpus;
  CpuList mems;
};

// The CPUs and memory nodes in effect for `parent`, or if it has no cpuset yet
// for the nearest cgroup above it that has. All of them are online.
// kUnavailable if the host has no cpuset controller.
absl::StatusOr<AvailableCpuset> AvailableIn(const CgroupMounts& mounts,
                                            const std::string& parent);

// v1 leaves a new cpuset empty, and no process may enter it: gives `cgroup`,
// and those above it, what their parents have where they have nothing. Nothing
// to do on v2. The cgroup must be there.
absl::Status InheritCpuset(const CgroupMounts& mounts,
                           CgroupController& controller,
                           const std::string& cgroup);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CPUSET_PARENT_H_
