#include "collectors/cpu_ticks.h"

#include <cmath>

namespace reeve {
namespace {

double TicksOfAllCores(const CpuCapacity& capacity) {
  return std::floor(static_cast<double>(capacity.cores) *
                    std::floor(capacity.mhz_per_core));
}

}  // namespace

double TicksConsumed(double percent, const CpuCapacity& capacity) {
  // In this order, which fixes the last bits of the result.
  return percent / 100 * TicksOfAllCores(capacity) /
         static_cast<double>(capacity.cores);
}

double TotalTicks(uint64_t cpu_ns, const CpuCapacity& capacity) {
  const double cpu_seconds = static_cast<double>(cpu_ns) * 1e-9;
  return cpu_seconds * TicksOfAllCores(capacity) /
         static_cast<double>(capacity.cores);
}

}  // namespace reeve
