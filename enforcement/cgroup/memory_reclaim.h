#ifndef REEVE_ENFORCEMENT_CGROUP_MEMORY_RECLAIM_H_
#define REEVE_ENFORCEMENT_CGROUP_MEMORY_RECLAIM_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "enforcement/cgroup/limit_files.h"
#include "enforcement/cgroup/memory_ceiling.h"

namespace reeve {

// Takes memory back from a cgroup v2, without killing: page cache, and what
// there is swap for. Thread-compatible.
class MemoryReclaim {
 public:
  // Both must outlive it. `ceiling` keeps what was taken back from being taken
  // again.
  MemoryReclaim(LimitFiles& files, MemoryCeiling& ceiling)
      : files_(files), ceiling_(ceiling) {}

  // Goes on until no more than `bytes` are in use, or `timeout` has passed,
  // which it exceeds by what the kernel takes for a piece. Tries at least once.
  // Returns what is in use then. kNotFound if the cgroup was removed.
  absl::StatusOr<uint64_t> Until(uint64_t bytes, absl::Duration timeout);

  // In all, also what the task has taken again since, and what it gave back of
  // its own will.
  uint64_t reclaimed_bytes() const { return reclaimed_bytes_; }

 private:
  // So large that the kernel is back soon, even from a slow swap device.
  static constexpr uint64_t kLargestPiece = 32 << 20;

  // One piece of what is in use beyond `goal`. Whether all of it could be had.
  absl::StatusOr<bool> TakeBack(uint64_t usage, uint64_t goal);

  LimitFiles& files_;
  MemoryCeiling& ceiling_;
  // How much to ask for next: less, after the kernel had less.
  uint64_t piece_ = kLargestPiece;
  uint64_t reclaimed_bytes_ = 0;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_MEMORY_RECLAIM_H_
