#include "enforcement/cgroup/nested_quota.h"

#include <cmath>
#include <cstdint>

namespace reeve {
namespace {

// CPU time per time in units of 2^-20, rounded down: to_ratio() of the kernel's
// scheduler. `quota` has cores.
double RatioOf(const CpuQuota& quota) {
  constexpr double kUnit = 1 << 20;
  const auto period = static_cast<double>(quota.period_usec);
  return std::floor(std::round(*quota.cores * period) * kUnit / period);
}

}  // namespace

bool IsAboveQuota(const CpuQuota& inner, const CpuQuota& outer) {
  // Without a limit of its own a cgroup has that of the one it is in.
  if (!inner.cores.has_value() || !outer.cores.has_value()) return false;
  return RatioOf(inner) > RatioOf(outer);
}

std::optional<CpuQuota> QuotaInForce(const LimitValues& limits) {
  if (!limits.cpu_cores.has_value()) return std::nullopt;
  CpuQuota quota;
  quota.cores = *limits.cpu_cores;
  if (limits.cpu_period_seconds.has_value()) {
    constexpr double kMicrosecondsPerSecond = 1e6;
    quota.period_usec = static_cast<uint64_t>(
        std::llround(*limits.cpu_period_seconds * kMicrosecondsPerSecond));
  }
  return quota;
}

}  // namespace reeve
