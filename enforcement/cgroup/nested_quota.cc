#include "enforcement/cgroup/nested_quota.h"

#include <cmath>
#include <cstdint>

namespace reeve {
namespace {

// CPU time per time in units of 2^-20, rounded down: to_ratio() of the kernel's
// scheduler. `quota` has cores.
double RatioOf(const CpuQuota& quota) {
  constexpr double kUnit = 1 << 20;
  const auto period = static_cast<double>(
      quota.period_usec.value_or(CpuQuota::kDefaultPeriodUsec));
  return std::floor(std::round(*quota.cores * period) * kUnit / period);
}

std::optional<uint64_t> PeriodInForce(const LimitValues& limits) {
  if (!limits.cpu_period_seconds.has_value()) return std::nullopt;
  constexpr double kMicrosecondsPerSecond = 1e6;
  return static_cast<uint64_t>(
      std::llround(*limits.cpu_period_seconds * kMicrosecondsPerSecond));
}

}  // namespace

CpuQuota WithPeriod(const CpuQuota& quota, const LimitValues& in_force) {
  if (quota.period_usec.has_value()) return quota;
  return {quota.cores, PeriodInForce(in_force)};
}

bool IsAboveQuota(const CpuQuota& inner, const CpuQuota& outer) {
  // Without a limit of its own a cgroup has that of the one it is in.
  if (!inner.cores.has_value() || !outer.cores.has_value()) return false;
  return RatioOf(inner) > RatioOf(outer);
}

std::optional<CpuQuota> QuotaInForce(const LimitValues& limits) {
  if (!limits.cpu_cores.has_value()) return std::nullopt;
  return CpuQuota{*limits.cpu_cores, PeriodInForce(limits)};
}

}  // namespace reeve
