#ifndef REEVE_AGENT_DOCTOR_CLONE_INTO_CGROUP_H_
#define REEVE_AGENT_DOCTOR_CLONE_INTO_CGROUP_H_

#include <string>

#include "absl/status/status.h"

namespace reeve {

// Starts a process, which ends at once, straight in the v2 cgroup at `path`, as
// clone3(2) does with CLONE_INTO_CGROUP, and reaps it.
absl::Status TryCloneIntoCgroup(const std::string& path);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_CLONE_INTO_CGROUP_H_
