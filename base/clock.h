#ifndef REEVE_BASE_CLOCK_H_
#define REEVE_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace reeve {

// The only source of time. Rates and waits use MonotonicNow(); exported
// timestamps and logs use WallNow(). Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual absl::Time WallNow() const = 0;

  // Time since an arbitrary fixed point; never goes backwards.
  virtual absl::Duration MonotonicNow() const = 0;
};

}  // namespace reeve

#endif  // REEVE_BASE_CLOCK_H_
