#ifndef REEVE_TESTS_PROGRAMS_CPU_TIME_H_
#define REEVE_TESTS_PROGRAMS_CPU_TIME_H_

#include <time.h>

namespace reeve {

// Seconds since an arbitrary point that never goes back.
inline double MonotonicSeconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * 1e-9;
}

// Keeps the calling thread busy in user mode for this much wall time.
inline void BurnFor(double seconds) {
  const double end = MonotonicSeconds() + seconds;
  volatile unsigned long sink = 0;
  while (MonotonicSeconds() < end) {
    for (int i = 0; i < 10'000; ++i) sink = sink + 1;
  }
}

}  // namespace reeve

#endif  // REEVE_TESTS_PROGRAMS_CPU_TIME_H_
