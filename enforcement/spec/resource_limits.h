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
  // A value also turns swap off for the task, unless memory_swap_bytes is
  // there.
  std::optional<Bound> memory_bytes;
  // Above it the task is slowed down and its memory reclaimed; it is never
  // killed for it.
  std::optional<Bound> memory_high_bytes;
  // Protected from reclaim while others have memory that is not: low as far as
  // possible, min always. 0 is no protection.
  std::optional<uint64_t> memory_low_bytes;
  std::optional<uint64_t> memory_min_bytes;
  // Swap alone, without memory; 0 is none.
  std::optional<Bound> memory_swap_bytes;
  // Whether the whole task is killed where one of its processes would be.
  std::optional<bool> memory_oom_group;
  // 2 to 262144, in cgroup v1 units.
  std::optional<uint64_t> cpu_shares;
  std::optional<CpuQuota> cpu_quota;
  // CPU time beyond the quota that a task may have saved up from periods in
  // which it used less; up to the quota. 0 is none.
  std::optional<uint64_t> cpu_burst_usec;
  // Whether the task runs only when nothing else wants to. Excludes shares.
  std::optional<bool> cpu_idle;
  // Processes and threads.
  std::optional<Bound> pids;

  bool has_memory() const {
    return memory_bytes || memory_high_bytes || memory_low_bytes ||
           memory_min_bytes || memory_swap_bytes || memory_oom_group;
  }
  bool has_cpu() const {
    return cpu_shares || cpu_quota || cpu_burst_usec || cpu_idle;
  }
  bool empty() const { return !has_memory() && !has_cpu() && !pids; }
};

// kInvalidArgument, naming the limit and the range, for what no kernel takes:
// shares outside 2 to 262144, no or negative cores, a period outside 1 ms to
// 1 s, a quota below 1 ms, memory or its high mark below 1 page, 0 pids; and
// for a high mark or a protection above the memory limit named with it, a burst
// above the quota named with it, and shares of an idle task.
absl::Status ValidateLimits(const ResourceLimits& limits);

// kInvalidArgument: an idle task has no shares.
absl::Status SharesOfIdle(uint64_t shares);

// kInvalidArgument: a burst means something only beside a quota.
absl::Status BurstWithoutQuota(uint64_t burst_usec);

// kInvalidArgument if a burst is above the quota, both for one period.
absl::Status CheckBurst(uint64_t burst_usec, uint64_t quota_usec);

// kInvalidArgument if the high mark or a protection is above `memory_bytes`,
// where it could have no effect.
absl::Status CheckBelowMemory(const ResourceLimits& limits,
                              uint64_t memory_bytes);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_RESOURCE_LIMITS_H_
