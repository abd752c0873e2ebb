#ifndef REEVE_COLLECTORS_HISTORY_POINT_H_
#define REEVE_COLLECTORS_HISTORY_POINT_H_

#include <cstdint>
#include <limits>

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

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HISTORY_POINT_H_
