#ifndef REEVE_ENFORCEMENT_SPEC_RESOURCE_LIMITS_H_
#define REEVE_ENFORCEMENT_SPEC_RESOURCE_LIMITS_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"

namespace reeve {

// An upper bound, or none: "64M" or "max".
struct Bound {
  // nullopt is unlimited.
  std::optional<uint64_t> value;

  static Bound Unlimited() { return {}; }
  static Bound Of(uint64_t value) { return {value}; }

  bool operator==(const Bound& other) const { return value == other.value; }
};

// CPU time per period.
struct CpuQuota {
  static constexpr uint64_t kDefaultPeriodUsec = 100'000;

  // 1 is one core; nullopt is unlimited.
  std::optional<double> cores;
  uint64_t period_usec = kDefaultPeriodUsec;

  bool operator==(const CpuQuota& other) const {
    return cores == other.cores && period_usec == other.period_usec;
  }
};

// Limits asked for a task. An absent one is left as it is: the kernel's default
// at launch, the value in force at an update.
struct ResourceLimits {
  // A value also turns swap off for the task.
  std::optional<Bound> memory_bytes;
  // 2 to 262144, in cgroup v1 units.
  std::optional<uint64_t> cpu_shares;
  std::optional<CpuQuota> cpu_quota;
  // Processes and threads.
  std::optional<Bound> pids;

  bool empty() const {
    return !memory_bytes && !cpu_shares && !cpu_quota && !pids;
  }
};

// kInvalidArgument, naming the limit and the range, for what no kernel takes:
// shares outside 2 to 262144, no or negative cores, a period outside 1 ms to
// 1 s, a quota below 1 ms, memory below 1 page, 0 pids.
absl::Status ValidateLimits(const ResourceLimits& limits);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_RESOURCE_LIMITS_H_
