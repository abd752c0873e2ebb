#ifndef REEVE_COLLECTORS_TASK_HISTORY_H_
#define REEVE_COLLECTORS_TASK_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "collectors/snapshot.h"

namespace reeve {

// One sample of a task, as small as a plot needs it. What was not measured is
// kNoRatio or kNoCount.
struct HistoryPoint {
  static constexpr float kNoRatio = std::numeric_limits<float>::quiet_NaN();
  static constexpr uint32_t kNoCount = std::numeric_limits<uint32_t>::max();

  int64_t unix_ms = 0;
  // 1 is one core.
  float cpu_cores = kNoRatio;
  // Since the point before: the share of the periods in which the CPU limit
  // held the task back, and for how long it did.
  float throttled_ratio = kNoRatio;
  float throttled_seconds = kNoRatio;
  uint32_t memory_usage_kib = kNoCount;
  uint32_t memory_working_set_kib = kNoCount;
  // Processes and threads.
  uint32_t threads = kNoCount;
};

// The latest samples of one task, or group: those of ten minutes, and of less
// where they come faster than three a second, since it keeps kMaxPoints at
// most. Memory grows with the points, 16 at a time. Thread-compatible.
class TaskHistory {
 public:
  static constexpr absl::Duration kSpan = absl::Minutes(10);
  // 62 KiB, with what the pieces cost.
  static constexpr size_t kMaxPoints = 1900;

  // Nothing if the sample is not newer than the latest point.
  void Append(const TaskSnapshot& snapshot);

  // Those behind `since`, the oldest first.
  std::vector<HistoryPoint> After(absl::Time since) const;

 private:
  // What the next point's shares are counted from.
  struct Counters {
    absl::Duration taken_at;
    std::optional<uint64_t> periods;
    std::optional<uint64_t> throttled_periods;
    std::optional<uint64_t> throttled_ns;
  };

  std::optional<Counters> latest_;
  std::deque<HistoryPoint> points_;
};

static_assert(sizeof(HistoryPoint) == 32);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_TASK_HISTORY_H_
