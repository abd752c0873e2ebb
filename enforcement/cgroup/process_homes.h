#ifndef REEVE_ENFORCEMENT_CGROUP_PROCESS_HOMES_H_
#define REEVE_ENFORCEMENT_CGROUP_PROCESS_HOMES_H_

#include <sys/types.h>

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// The directory of a process's cgroup by the mount point of its hierarchy, from
// PROC/PID/cgroup, cgroups(7). Hierarchies that are not mounted are left out.
std::map<std::string, std::string> CgroupDirectoriesIn(
    const CgroupMounts& mounts, absl::string_view process_cgroups);

// Where processes were before they were moved, to put them back.
// Thread-compatible.
class ProcessHomes {
 public:
  explicit ProcessHomes(const CgroupMounts& mounts) : mounts_(mounts) {}

  // kNotFound if there is no such process any more. Only the first call for a
  // process counts.
  absl::Status Remember(pid_t pid);

  // Moves `pid` back in each hierarchy where it is somewhere else now; one that
  // was not remembered goes where `otherwise` was: it is a child of that. OK if
  // it has ended. The error says what the kernel answered.
  absl::Status PutBack(pid_t pid, pid_t otherwise) const;

 private:
  using Directories = std::map<std::string, std::string>;

  absl::StatusOr<Directories> DirectoriesOf(pid_t pid) const;

  const CgroupMounts& mounts_;
  std::map<pid_t, Directories> homes_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_PROCESS_HOMES_H_
