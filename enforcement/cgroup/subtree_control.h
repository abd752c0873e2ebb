#ifndef REEVE_ENFORCEMENT_CGROUP_SUBTREE_CONTROL_H_
#define REEVE_ENFORCEMENT_CGROUP_SUBTREE_CONTROL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace reeve {

// Gives the children of the v2 cgroup `cgroup` ("/reeve") the controllers: in
// cgroup.subtree_control of each cgroup from the root at `mount_point` down to
// it. Reads before it writes, so that what is enabled already needs no
// permission. kUnavailable naming a controller that a parent does not have,
// kPermissionDenied naming a cgroup that belongs to somebody else,
// kFailedPrecondition naming one that has processes of its own, which v2
// forbids to a cgroup that gives controllers away, or that is threaded.
absl::Status EnableControllers(const std::string& mount_point,
                               const std::string& cgroup,
                               const std::vector<std::string>& controllers);

// Whether the cgroup gives its children the controllers already.
bool GivesControllers(const std::string& mount_point, const std::string& cgroup,
                      const std::vector<std::string>& controllers);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_SUBTREE_CONTROL_H_
