#ifndef REEVE_ENFORCEMENT_CGROUP_CGROUP_CONTROLLER_H_
#define REEVE_ENFORCEMENT_CGROUP_CGROUP_CONTROLLER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace reeve {

// One file of a cgroup and what to write to it.
struct CgroupSetting {
  std::string controller;  // "memory"
  std::string file;        // "memory.max"
  std::string value;       // "67108864"
};

// Life and death of cgroups. `cgroup` is an absolute path below the
// hierarchies' roots ("/reeve/web"). Thread-safe.
class CgroupController {
 public:
  virtual ~CgroupController() = default;

  // Makes the cgroup, with missing parents, in the hierarchy of each of the
  // named controllers, and in the unified one if it is mounted and, where there
  // are controllers, this process may. On v2 enables
  // the controllers in the parents, testing first. kAlreadyExists if the cgroup
  // itself is there, kUnavailable naming a controller that the host does not
  // have; after an error nothing made here is left. A v1 cpuset has all that
  // its parent has, so that a process may enter.
  virtual absl::Status Create(const std::string& cgroup,
                              const std::vector<std::string>& controllers) = 0;

  // The same for controllers that a cgroup lacks: one that is there already, in
  // hierarchies that it need not be named for again. Moves no process.
  virtual absl::Status Extend(const std::string& cgroup,
                              const std::vector<std::string>& controllers) = 0;

  // Writes the settings in their order. Stops at the first that fails; the
  // error names file, value and the kernel's answer.
  virtual absl::Status Set(const std::string& cgroup,
                           const std::vector<CgroupSetting>& settings) = 0;

  // Removes the cgroup and its children, which must be empty of processes,
  // from every hierarchy. Never moves a process out. OK if there is nothing to
  // remove; kFailedPrecondition, naming the directory, if it is busy.
  virtual absl::Status Remove(const std::string& cgroup) = 0;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CGROUP_CONTROLLER_H_
