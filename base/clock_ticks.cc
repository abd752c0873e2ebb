#include "base/clock_ticks.h"

#include <unistd.h>

namespace reeve {

uint64_t NanosecondsFromClockTicks(uint64_t ticks) {
  static const uint64_t nanoseconds_per_tick =
      1'000'000'000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  return ticks * nanoseconds_per_tick;
}

}  // namespace reeve
