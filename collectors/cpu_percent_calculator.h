#ifndef REEVE_COLLECTORS_CPU_PERCENT_CALCULATOR_H_
#define REEVE_COLLECTORS_CPU_PERCENT_CALCULATOR_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace reeve {

// A cumulative CPU counter, and when and of what it was read.
struct CpuReading {
  // Identity of the cgroup, or start time of the process: a counter of another
  // one is not comparable.
  uint64_t identity = 0;
  uint64_t cpu_ns = 0;
  // Monotonic clock.
  absl::Duration taken_at;
};

// Turns readings of one counter into a percentage of one core: 100 means one
// core fully busy, so that four busy threads are 400. Pure arithmetic;
// thread-compatible.
class CpuPercentCalculator {
 public:
  // The percentage since the reading before. Absent on the first reading, if
  // the counter went backwards or belongs to something else now, and if no time
  // has passed. A counter that stands at 0 is a reading like any other.
  std::optional<double> Update(const CpuReading& now);

  // The percentage up to `now` without taking it as the next reading, so that
  // an extra look changes nothing for the regular ones. Counts from the last
  // reading, or from the one before if the last is too recent for a steady
  // value.
  std::optional<double> Peek(const CpuReading& now) const;

 private:
  std::optional<CpuReading> last_;
  std::optional<CpuReading> before_last_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CPU_PERCENT_CALCULATOR_H_
