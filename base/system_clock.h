#ifndef REEVE_BASE_SYSTEM_CLOCK_H_
#define REEVE_BASE_SYSTEM_CLOCK_H_

#include "base/clock.h"

namespace reeve {

// CLOCK_REALTIME and CLOCK_MONOTONIC of the kernel. Thread-safe.
class SystemClock final : public Clock {
 public:
  absl::Time WallNow() const override;
  absl::Duration MonotonicNow() const override;
};

}  // namespace reeve

#endif  // REEVE_BASE_SYSTEM_CLOCK_H_
