#ifndef REEVE_ENFORCEMENT_SHIM_WALL_TIME_H_
#define REEVE_ENFORCEMENT_SHIM_WALL_TIME_H_

#include <stdint.h>
#include <time.h>

namespace reeve {

// CLOCK_REALTIME, since the Unix epoch.
inline int64_t UnixNanos() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_WALL_TIME_H_
