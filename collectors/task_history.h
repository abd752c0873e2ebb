#ifndef REEVE_COLLECTORS_TASK_HISTORY_H_
#define REEVE_COLLECTORS_TASK_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "collectors/history_block.h"
#include "collectors/history_point.h"
#include "collectors/snapshot.h"

namespace reeve {

// The latest samples of one task, or group: those of ten minutes, and of less
// where there is not room for as many. A task that sleeps takes 1 KiB at a
// sample a second, one at work 4. Thread-compatible.
class TaskHistory {
 public:
  static constexpr absl::Duration kSpan = absl::Minutes(10);
  static constexpr size_t kMaxBytes = 64 << 10;

  // Nothing if the sample is not newer than the latest point.
  void Append(const TaskSnapshot& snapshot);

  // Those behind `since`, the oldest first.
  std::vector<HistoryPoint> After(absl::Time since) const;

  // Memory that the points take; kMaxBytes at most.
  size_t bytes() const;

 private:
  // What the next point's shares are counted from.
  struct Counters {
    absl::Duration taken_at;
    std::optional<uint64_t> periods;
    std::optional<uint64_t> throttled_periods;
    std::optional<uint64_t> throttled_ns;
  };

  HistoryPoint PointOf(const TaskSnapshot& snapshot) const;
  void ForgetOld();

  std::optional<Counters> latest_;
  // Those of the last are appended to.
  std::vector<HistoryBlock> blocks_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_TASK_HISTORY_H_
