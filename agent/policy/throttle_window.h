#ifndef REEVE_AGENT_POLICY_THROTTLE_WINDOW_H_
#define REEVE_AGENT_POLICY_THROTTLE_WINDOW_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace reeve {

// Puts samples together until they have enough periods of the CPU limit to say
// what part of them was throttled: of two periods either half or all are.
// Thread-compatible.
class ThrottleWindow {
 public:
  struct Counters {
    uint64_t periods = 0;
    uint64_t throttled_periods = 0;
    // On the monotonic clock.
    absl::Duration taken_at;
  };

  struct Finding {
    // Throttled periods per period; 0 without any.
    double ratio = 0;
    absl::Duration began;
  };

  // Judges by `min_periods` or more; a task that has had less within `patience`
  // hardly runs, and is not throttled.
  ThrottleWindow(uint64_t min_periods, absl::Duration patience)
      : min_periods_(min_periods), patience_(patience) {}

  // What the window says that this sample completes, if it does. A sample that
  // was seen already counts for nothing; counters that went back begin anew.
  std::optional<Finding> Observe(const Counters& counters);

  void Reset() { first_.reset(); }

 private:
  const uint64_t min_periods_;
  const absl::Duration patience_;
  // Where the window begins, and the sample that was seen last.
  std::optional<Counters> first_;
  Counters last_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_THROTTLE_WINDOW_H_
