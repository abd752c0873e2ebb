#include "enforcement/cgroup/take_processes.h"

#include <fcntl.h>

#include <set>

#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/move_process.h"
#include "enforcement/cgroup/tree_processes.h"

namespace reeve {
namespace {

// Each generation that is born during a round is one behind: a tree that forks
// as programs do is taken in two or three.
constexpr int kRounds = 100;

}  // namespace

absl::Status TakeProcesses(
    const std::function<absl::StatusOr<std::vector<pid_t>>()>& list, int to_fd,
    ProcessHomes* homes) {
  const absl::StatusOr<UniqueFd> procs =
      OpenAt(to_fd, "cgroup.procs", O_WRONLY);
  if (!procs.ok()) return procs.status();
  for (int round = 0; round < kRounds; ++round) {
    const absl::StatusOr<std::vector<pid_t>> wanted = list();
    if (!wanted.ok()) return wanted.status();
    if (wanted->empty() && round == 0) {
      return absl::NotFoundError("the process has ended");
    }
    const absl::StatusOr<std::set<pid_t>> inside = TreeProcesses(to_fd);
    if (!inside.ok()) return inside.status();
    bool all_inside = true;
    for (const pid_t pid : *wanted) {
      if (inside->count(pid) != 0) continue;
      all_inside = false;
      if (!homes->Remember(pid).ok()) continue;
      absl::Status status = MoveProcess(*procs, pid);
      if (!status.ok()) return status;
    }
    if (all_inside) return absl::OkStatus();
  }
  return absl::DeadlineExceededError(
      "the processes fork faster than they can be taken");
}

}  // namespace reeve
