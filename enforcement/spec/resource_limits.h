#ifndef REEVE_ENFORCEMENT_SPEC_RESOURCE_LIMITS_H_
#define REEVE_ENFORCEMENT_SPEC_RESOURCE_LIMITS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  // nullopt leaves the period as it is: kDefaultPeriodUsec in a new cgroup.
  std::optional<uint64_t> period_usec = {};

  bool operator==(const CpuQuota& other) const {
    return cores == other.cores && period_usec == other.period_usec;
  }
};

// Input and output of one block device. What is absent is left as it is.
struct IoMax {
  // "MAJOR:MINOR", or the path of a block device.
  std::string device;
  // Bytes and operations a second.
  std::optional<Bound> read_bps;
  std::optional<Bound> write_bps;
  std::optional<Bound> read_iops;
  std::optional<Bound> write_iops;
};

// Huge pages of one size.
struct HugetlbLimit {
  // As the kernel names it in the cgroup's files: "2MB".
  std::string page_size;
  Bound bytes;
};

// When a task's threads run, sched(7).
struct SchedulingPolicy {
  enum class Kind { kOther, kBatch, kIdle, kFifo, kRoundRobin };
  static constexpr int kMinPriority = 1;
  static constexpr int kMaxPriority = 99;

  Kind kind = Kind::kOther;
  // kMinPriority to kMaxPriority for a real-time policy, else 0.
  int priority = 0;

  bool is_real_time() const {
    return kind == Kind::kFifo || kind == Kind::kRoundRobin;
  }

  bool operator==(const SchedulingPolicy& other) const {
    return kind == other.kind && priority == other.priority;
  }
};

// A limit of getrlimit(2), for each process of a task.
struct Rlimit {
  // RLIMIT_NOFILE and so on.
  int resource = 0;
  Bound soft;
  Bound hard;

  bool operator==(const Rlimit& other) const {
    return resource == other.resource && soft == other.soft &&
           hard == other.hard;
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
  // CPUs and memory nodes in the kernel's list format, cpuset(7): "0-2,7". ""
  // is all that the parent has.
  std::optional<std::string> cpuset_cpus;
  std::optional<std::string> cpuset_mems;
  // CPUs that the task has to itself; the agent chooses which. 0 is none.
  // Excludes cpuset_cpus.
  std::optional<uint32_t> reserved_cpus;
  // Nobody asks for it: cpuset_cpus are those that the agent has left to all
  // tasks without a choice of their own. Likewise, beside reserved_cpus they
  // are those that it has reserved.
  bool cpuset_is_pool = false;
  // 1 to 10000, 100 is the kernel's default.
  std::optional<uint32_t> io_weight;
  // One entry a device, and one a page size.
  std::vector<IoMax> io_max;
  std::vector<HugetlbLimit> hugetlb;
  // The next four are kept by each process, and inherited by those it forks.
  std::optional<int> oom_score_adj;
  std::optional<int> nice;
  std::optional<SchedulingPolicy> scheduling;
  // One entry a resource.
  std::vector<Rlimit> rlimits;

  bool has_memory() const {
    return memory_bytes || memory_high_bytes || memory_low_bytes ||
           memory_min_bytes || memory_swap_bytes || memory_oom_group;
  }
  bool has_cpu() const {
    return cpu_shares || cpu_quota || cpu_burst_usec || cpu_idle;
  }
  bool has_cpuset() const {
    return cpuset_cpus || cpuset_mems || reserved_cpus;
  }
  bool has_io() const { return io_weight || !io_max.empty(); }
  // Whether there is a limit that no cgroup keeps.
  bool has_process() const {
    return oom_score_adj || nice || scheduling || !rlimits.empty();
  }
  bool empty() const {
    return !has_memory() && !has_cpu() && !pids && !has_cpuset() && !has_io() &&
           hugetlb.empty() && !has_process();
  }
};

// kInvalidArgument, naming the limit and the range, for what no kernel takes:
// shares outside 2 to 262144, no or negative cores, a period outside 1 ms to
// 1 s, a quota below 1 ms, memory or its high mark below 1 page, 0 pids, a
// cpuset that is no list, an io weight outside 1 to 10000, a rate below 2, a
// device that is no path and no number, a page size that is none, an
// oom_score_adj outside -1000 to 1000, a nice value outside -20 to 19; for a
// device or a page size named twice; and for a high mark or a protection above
// the memory limit named with it, a burst above the quota named with it, shares
// of an idle task, reserved CPUs beside a cpuset, a priority that does not go
// with its policy, and a soft rlimit above the hard one.
absl::Status ValidateLimits(const ResourceLimits& limits);

// The same for a quota alone. How small or large it may be depends on the
// period, and is not looked at without one.
absl::Status ValidateQuota(const CpuQuota& quota);

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
