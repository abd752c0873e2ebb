#ifndef REEVE_ENFORCEMENT_CGROUP_FREEZER_H_
#define REEVE_ENFORCEMENT_CGROUP_FREEZER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "enforcement/cgroup/kill_cgroup.h"

namespace reeve {

// Holds all processes of one cgroup and below still, by cgroup.freeze (v2) or
// freezer.state (v1). Thread-safe.
class Freezer {
 public:
  // `dir_fd` is the cgroup's directory in the hierarchy that freezes by
  // `freeze_file`; it must outlive the freezer.
  Freezer(int dir_fd, FreezeFile freeze_file)
      : dir_fd_(dir_fd), freeze_file_(freeze_file) {}

  // Returns once every process stands still; at once for an empty cgroup. After
  // an error the cgroup is thawed: kDeadlineExceeded if a process is in an
  // uninterruptible sleep for longer than `timeout`, kAborted if somebody
  // thawed it meanwhile, kUnavailable where the kernel cannot freeze, kNotFound
  // if the cgroup was removed.
  absl::Status Freeze(absl::Duration timeout) const;

  // Lets the processes go on. OK if they do, and if the cgroup was removed.
  absl::Status Thaw() const;

  // Whether the cgroup was told to freeze. False where the kernel cannot, and
  // for a cgroup that was removed.
  absl::StatusOr<bool> IsFrozen() const;

  // A process of a frozen v1 cgroup does not die of SIGKILL until it is thawed.
  bool HoldsBackKills() const {
    return freeze_file_ == FreezeFile::kFreezerState;
  }

 private:
  absl::Status Request() const;
  absl::Status AwaitFrozen(absl::Duration timeout) const;

  const int dir_fd_;
  const FreezeFile freeze_file_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_FREEZER_H_
