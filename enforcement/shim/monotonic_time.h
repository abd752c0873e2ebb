#ifndef REEVE_ENFORCEMENT_SHIM_MONOTONIC_TIME_H_
#define REEVE_ENFORCEMENT_SHIM_MONOTONIC_TIME_H_

#include <stdint.h>
#include <time.h>

namespace reeve {

// CLOCK_MONOTONIC.
inline int64_t MonotonicNanos() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

inline int64_t MonotonicMs() { return MonotonicNanos() / 1'000'000; }

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_MONOTONIC_TIME_H_
