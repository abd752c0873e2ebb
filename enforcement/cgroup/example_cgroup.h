#ifndef REEVE_ENFORCEMENT_CGROUP_EXAMPLE_CGROUP_H_
#define REEVE_ENFORCEMENT_CGROUP_EXAMPLE_CGROUP_H_

#include <optional>
#include <string>

namespace reeve {

// The directory of a cgroup that has `file`, such as "memory.max": which files
// there are depends on the kernel, but a v2 cgroup has those of a controller
// only if its parent gives it, and the root has no limits. Looks at `cgroup`
// and above it, then at those right below the root; nullopt if none has it.
// Thread-safe.
std::optional<std::string> CgroupWithFile(const std::string& mount_point,
                                          const std::string& cgroup,
                                          const std::string& file);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_EXAMPLE_CGROUP_H_
