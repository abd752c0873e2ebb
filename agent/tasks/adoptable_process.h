#ifndef REEVE_AGENT_TASKS_ADOPTABLE_PROCESS_H_
#define REEVE_AGENT_TASKS_ADOPTABLE_PROCESS_H_

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/snapshot.h"
#include "enforcement/launch/shim_program.h"

namespace reeve {

// What must not be taken into a task.
struct AdoptionRules {
  const CgroupMounts* mounts;
  // Processes below it are tasks already.
  std::string cgroup_parent;
  // What runs it looks after another task.
  const ShimProgram* shim;
};

// Who process `pid` is, if it can be taken into a task of its own. kNotFound if
// there is none; kInvalidArgument, saying why, for the first process, kernel
// threads, single threads, this process, and shims; kFailedPrecondition for one
// that has ended or is of a task already.
absl::StatusOr<ProcessIdentity> CheckAdoptable(pid_t pid,
                                               const AdoptionRules& rules);

// Whether this process descends from `pid`.
bool IsAncestorOfOurs(pid_t pid);

// Whether there is no such process, or only what its parent has not reaped.
bool HasEnded(pid_t pid);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_ADOPTABLE_PROCESS_H_
