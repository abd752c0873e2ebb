#ifndef REEVE_COLLECTORS_CPU_TICKS_H_
#define REEVE_COLLECTORS_CPU_TICKS_H_

#include <cstdint>

namespace reeve {

// What the cores of this machine can do: so many, at so many MHz each.
struct CpuCapacity {
  uint64_t cores = 0;
  double mhz_per_core = 0;
};

// CPU ticks (MHz) that `percent` of one core amounts to, in whole MHz of all
// cores: percent / 100 * floor(cores * floor(MHz)) / cores. `cores` > 0.
double TicksConsumed(double percent, const CpuCapacity& capacity);

// Millions of cycles that so much CPU time amounts to: the integral of
// TicksConsumed() over time. `cores` > 0.
double TotalTicks(uint64_t cpu_ns, const CpuCapacity& capacity);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CPU_TICKS_H_
