#ifndef REEVE_BASE_CLOCK_TICKS_H_
#define REEVE_BASE_CLOCK_TICKS_H_

#include <cstdint>

namespace reeve {

// Nanoseconds of so many clock ticks, the unit of /proc/PID/stat and of
// cpuacct.stat: sysconf(_SC_CLK_TCK) of them a second, which is 100 on nearly
// every machine. Thread-safe.
uint64_t NanosecondsFromClockTicks(uint64_t ticks);

}  // namespace reeve

#endif  // REEVE_BASE_CLOCK_TICKS_H_
