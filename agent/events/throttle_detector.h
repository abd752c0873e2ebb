#ifndef REEVE_AGENT_EVENTS_THROTTLE_DETECTOR_H_
#define REEVE_AGENT_EVENTS_THROTTLE_DETECTOR_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace reeve {

// Tells from the counters of one task, round by round, when its CPU limit
// begins and ceases to hold it back. It begins with a round in which at least a
// quarter of the periods were throttled, and ceases with the third round below
// that in a row; and it begins again 5 s after it last did at the earliest, so
// that a task at the edge is not heard of all the time. Thread-compatible.
class ThrottleDetector {
 public:
  struct Counters {
    // Periods of the CPU limit in which the task ran, and those of them in
    // which it was throttled.
    uint64_t periods = 0;
    uint64_t throttled_periods = 0;
    // When they were read, on the monotonic clock.
    absl::Duration taken_at;
  };

  struct Change {
    bool is_throttled;
    // Throttled periods per period of the round.
    double ratio;
  };

  // The change that the next sample shows, if it does. Counters that went back
  // begin anew; a sample that was seen already counts for nothing. In a round
  // without periods nothing was throttled.
  std::optional<Change> Observe(const Counters& counters);

 private:
  std::optional<Change> Judge(double ratio, absl::Duration now);

  std::optional<Counters> last_;
  bool is_throttled_ = false;
  int calm_rounds_ = 0;
  std::optional<absl::Duration> began_at_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_EVENTS_THROTTLE_DETECTOR_H_
