#ifndef REEVE_ENFORCEMENT_CGROUP_KILL_TREE_H_
#define REEVE_ENFORCEMENT_CGROUP_KILL_TREE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/kill_cgroup.h"

namespace reeve {

// What kill_cgroup.h wants to know of a cgroup, open.
struct KillFiles {
  // None before Linux 5.14 and on v1.
  UniqueFd kill;
  UniqueFd procs;
  // Only where `kill` is not there.
  UniqueFd freeze;
  FreezeFile freeze_file = FreezeFile::kNone;
};

// `dir_fd` is the directory of the cgroup, `freeze_file` what its hierarchy
// freezes by. All descriptors are close-on-exec.
absl::StatusOr<KillFiles> OpenKillFiles(int dir_fd, FreezeFile freeze_file);

// Sends SIGKILL once to every process of the cgroup and below. OK if it has
// been removed.
absl::Status KillTreeOnce(int dir_fd, FreezeFile freeze_file);

// Whether a process other than a zombie is in the cgroup or below. False if it
// has been removed.
absl::StatusOr<bool> TreeHasProcesses(int dir_fd);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_KILL_TREE_H_
