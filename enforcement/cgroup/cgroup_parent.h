#ifndef REEVE_ENFORCEMENT_CGROUP_CGROUP_PARENT_H_
#define REEVE_ENFORCEMENT_CGROUP_CGROUP_PARENT_H_

#include <string>
#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// The parent and the cgroups above it that are missing in one hierarchy or
// another, the lowest first: what tasks below it will bring into being.
std::vector<std::string> MissingParents(const CgroupMounts& mounts,
                                        const std::string& parent);

// Removes the common parent of tasks from every hierarchy in which it is empty.
// Never touches what is below it: another process may just be making a task
// there.
void RemoveParentIfEmpty(const CgroupMounts& mounts, const std::string& parent);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CGROUP_PARENT_H_
