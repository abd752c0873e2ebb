#ifndef REEVE_ENFORCEMENT_CGROUP_CHILD_CGROUPS_H_
#define REEVE_ENFORCEMENT_CGROUP_CHILD_CGROUPS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace reeve {

// Names of the cgroups right below the one whose directory is open as `dir_fd`
// (O_PATH will do). None if it was removed meanwhile. Thread-safe.
absl::StatusOr<std::vector<std::string>> ChildCgroups(int dir_fd);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CHILD_CGROUPS_H_
