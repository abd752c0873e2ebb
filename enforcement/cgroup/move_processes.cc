#include "enforcement/cgroup/move_processes.h"

#include <fcntl.h>
#include <sys/types.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/move_process.h"
#include "enforcement/cgroup/tree_processes.h"

namespace reeve {
namespace {

// A task that forks as programs do is moved in two rounds: the second finds
// whom the first could not know of.
constexpr int kRoundsInMotion = 4;
// Of a task that stands still.
constexpr int kRoundsFrozen = 4;
constexpr absl::Duration kFreezeTimeout = absl::Seconds(2);

absl::StatusOr<std::vector<pid_t>> FindOutside(int main_fd, int to_fd) {
  const absl::StatusOr<std::set<pid_t>> all = TreeProcesses(main_fd);
  if (!all.ok()) return all.status();
  const absl::StatusOr<std::set<pid_t>> inside = TreeProcesses(to_fd);
  if (!inside.ok()) return inside.status();
  std::vector<pid_t> outside;
  std::set_difference(all->begin(), all->end(), inside->begin(), inside->end(),
                      std::back_inserter(outside));
  return outside;
}

// Whether nobody is outside, after moving those that were for up to `rounds`.
absl::StatusOr<bool> MoveInRounds(int main_fd, int to_fd, int rounds) {
  const absl::StatusOr<UniqueFd> procs =
      OpenAt(to_fd, "cgroup.procs", O_WRONLY);
  if (!procs.ok()) return procs.status();
  for (int round = 0;; ++round) {
    const absl::StatusOr<std::vector<pid_t>> outside =
        FindOutside(main_fd, to_fd);
    if (!outside.ok()) return outside.status();
    if (outside->empty()) return true;
    if (round == rounds) return false;
    for (const pid_t pid : *outside) {
      absl::Status status = MoveProcess(*procs, pid);
      if (!status.ok()) return status;
    }
  }
}

}  // namespace

absl::Status MoveProcesses(int main_fd, const Freezer& freezer, int to_fd) {
  absl::StatusOr<bool> done = MoveInRounds(main_fd, to_fd, kRoundsInMotion);
  if (!done.ok()) return done.status();
  if (*done) return absl::OkStatus();

  const absl::StatusOr<bool> was_frozen = freezer.IsFrozen();
  if (!was_frozen.ok()) return was_frozen.status();
  if (!*was_frozen) {
    absl::Status status = freezer.Freeze(kFreezeTimeout);
    if (!status.ok()) return status;
  }
  const absl::Cleanup thaw = [&freezer, &was_frozen] {
    if (!*was_frozen) freezer.Thaw().IgnoreError();
  };
  done = MoveInRounds(main_fd, to_fd, kRoundsFrozen);
  if (!done.ok()) return done.status();
  if (*done) return absl::OkStatus();
  return absl::DeadlineExceededError(
      "processes of the task cannot be moved: they keep coming back");
}

}  // namespace reeve
