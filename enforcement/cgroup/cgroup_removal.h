#ifndef REEVE_ENFORCEMENT_CGROUP_CGROUP_REMOVAL_H_
#define REEVE_ENFORCEMENT_CGROUP_CGROUP_REMOVAL_H_

#include <string>

#include "absl/status/status.h"

namespace reeve {

// Removes the directory of one cgroup in one hierarchy, its children first. OK
// if it is not there. kFailedPrecondition, naming the directory, if a process
// is in it or below: nothing is moved out. The empty ones below are removed
// then too. Thread-safe.
absl::Status RemoveCgroupDirectory(const std::string& directory);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CGROUP_REMOVAL_H_
