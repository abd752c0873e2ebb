#include "enforcement/cgroup/memory_reclaim.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/system_clock.h"
#include "enforcement/cgroup/memory_usage.h"

namespace reeve {
namespace {

constexpr char kUsage[] = "memory.current";

constexpr uint64_t kSmallestPiece = 1 << 20;

// Between pieces of which nothing could be had: what is being written to disk
// can be taken back a little later.
constexpr absl::Duration kFirstPause = absl::Milliseconds(1);
constexpr absl::Duration kLongestPause = absl::Milliseconds(50);

// memory.high does not stop a task at once: one that takes all that it can get
// is always a little above it. It is aimed that much lower then.
uint64_t Slack(uint64_t bytes) {
  return std::min<uint64_t>(bytes / 16, 16 << 20);
}

}  // namespace

absl::StatusOr<uint64_t> MemoryReclaim::Until(uint64_t bytes,
                                              absl::Duration timeout) {
  const SystemClock clock;
  const absl::Duration deadline = clock.MonotonicNow() + timeout;
  uint64_t goal = bytes;
  absl::Duration pause = kFirstPause;
  absl::StatusOr<uint64_t> usage = ReadMemoryUsage(files_, kUsage);
  while (usage.ok()) {
    const uint64_t ceiling = std::max(goal, *usage);
    absl::Status status = ceiling_.Lower(ceiling);
    if (!status.ok()) return status;
    // What fits counts once it is kept from growing, too.
    usage = ReadMemoryUsage(files_, kUsage);
    if (!usage.ok()) break;
    if (*usage <= bytes && ceiling <= bytes) break;
    if (*usage <= bytes) continue;
    if (ceiling <= bytes) goal = bytes - Slack(bytes);

    const absl::StatusOr<bool> had_all = TakeBack(*usage, goal);
    if (!had_all.ok()) return had_all.status();
    usage = ReadMemoryUsage(files_, kUsage);
    const absl::Duration left = deadline - clock.MonotonicNow();
    if (usage.ok() && *usage > bytes && left <= absl::ZeroDuration()) break;
    if (*had_all) {
      pause = kFirstPause;
    } else {
      absl::SleepFor(std::min(pause, left));
      pause = std::min(2 * pause, kLongestPause);
    }
  }
  return usage;
}

absl::StatusOr<bool> MemoryReclaim::TakeBack(uint64_t usage, uint64_t goal) {
  const uint64_t piece = std::min(piece_, usage - goal);
  absl::Status status =
      files_.WriteOnly("memory", "memory.reclaim", absl::StrCat(piece));
  // memory.reclaim came with Linux 5.19, and may not have been delegated.
  const bool is_missing =
      absl::IsNotFound(status) || absl::IsPermissionDenied(status);
  const bool had_all = status.ok();
  // The task may have taken again by now what it had to give: the piece is gone
  // from it for good only with the ceiling.
  if (had_all || is_missing) {
    status = ceiling_.Lower(usage - piece);
    if (!status.ok()) return status;
  }
  if (had_all) {
    piece_ = std::min(2 * piece_, kLargestPiece);
    reclaimed_bytes_ += piece;
    return true;
  }
  // EAGAIN says that there was less than that.
  piece_ = std::max(piece_ / 2, kSmallestPiece);
  const absl::StatusOr<uint64_t> now = ReadMemoryUsage(files_, kUsage);
  if (!now.ok()) return now.status();
  reclaimed_bytes_ += usage - std::min(usage, *now);
  return false;
}

}  // namespace reeve
