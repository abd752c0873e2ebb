#ifndef REEVE_AGENT_DOCTOR_LIMIT_FILES_H_
#define REEVE_AGENT_DOCTOR_LIMIT_FILES_H_

#include <string>
#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// The files that the limits of one controller are kept in, here.
struct LimitFilesFound {
  // Those that there are: "memory.max".
  std::vector<std::string> there;
  // Those that are not, with why: "memory.high (cgroup v1 has none)".
  std::vector<std::string> missing;
};

// A file that every cgroup with the controller has; empty for an unknown one.
// `controller` is as in ControllerState.
std::string KeyFileOf(const std::string& controller, CgroupVersion version);

// What a cgroup at `directory` that has the controller offers.
LimitFilesFound FindLimitFiles(const std::string& controller,
                               CgroupVersion version,
                               const std::string& directory);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_LIMIT_FILES_H_
