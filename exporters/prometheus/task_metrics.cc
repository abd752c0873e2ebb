#include "exporters/prometheus/task_metrics.h"

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "exporters/prometheus/device_limit_metrics.h"
#include "exporters/prometheus/hugetlb_metrics.h"
#include "exporters/prometheus/io_metrics.h"
#include "exporters/prometheus/memory_breakdown_metrics.h"
#include "exporters/prometheus/network_metrics.h"
#include "exporters/prometheus/peak_metrics.h"
#include "exporters/prometheus/pressure_metrics.h"
#include "exporters/prometheus/process_detail_metrics.h"

namespace reeve {
namespace {

// Collectors.
constexpr char kTask[] = "task";
constexpr char kCpu[] = "cpu";
constexpr char kMemory[] = "memory";
constexpr char kPids[] = "pids";
constexpr char kLimits[] = "limits";

constexpr char kCounter[] = "counter";
constexpr char kGauge[] = "gauge";
constexpr double kHertzPerMegahertz = 1e6;
constexpr double kCyclesPerMillion = 1e6;
constexpr double kPercentPerCore = 100;

// What the agent itself knows; the same on either version.
constexpr char kAgent[] = "the agent";
constexpr char kPercentSource[] = "change of the CPU time between two samples";
constexpr char kTicksSource[] = "CPU time and the MHz of a core";

using Count = std::optional<uint64_t>;
using Measure = std::optional<double>;

template <Count CgroupSample::*kField>
MetricValue CountOf(const TaskSnapshot& task) {
  const Count& count = task.cgroup.*kField;
  return count ? MetricValue(*count) : MetricValue();
}

template <Count CgroupSample::*kField>
MetricValue SecondsOf(const TaskSnapshot& task) {
  const Count& nanoseconds = task.cgroup.*kField;
  return nanoseconds ? MetricValue(Nanoseconds{*nanoseconds}) : MetricValue();
}

template <Measure TaskSnapshot::*kField>
MetricValue CoresOf(const TaskSnapshot& task) {
  const Measure& percent = task.*kField;
  return percent ? MetricValue(*percent / kPercentPerCore) : MetricValue();
}

template <Count LimitValues::*kField>
MetricValue LimitOf(const TaskSnapshot& task) {
  const Count& limit = task.target->limits.*kField;
  return limit ? MetricValue(*limit) : MetricValue();
}

MetricValue One(const TaskSnapshot&) { return uint64_t{1}; }

MetricValue StartTime(const TaskSnapshot& task) {
  const int64_t nanoseconds = absl::ToUnixNanos(task.target->started_at);
  if (nanoseconds <= 0) return {};
  return Nanoseconds{static_cast<uint64_t>(nanoseconds)};
}

MetricValue Restarts(const TaskSnapshot& task) {
  const Count& restarts = task.target->restarts;
  return restarts ? MetricValue(*restarts) : MetricValue();
}

MetricValue TicksHertz(const TaskSnapshot& task) {
  if (!task.cpu_ticks_mhz) return {};
  return *task.cpu_ticks_mhz * kHertzPerMegahertz;
}

MetricValue TicksTotal(const TaskSnapshot& task) {
  if (!task.cpu_ticks_total) return {};
  return *task.cpu_ticks_total * kCyclesPerMillion;
}

MetricValue CpuLimit(const TaskSnapshot& task) {
  const Measure& cores = task.target->limits.cpu_cores;
  return cores ? MetricValue(*cores) : MetricValue();
}

MetricValue CpuBurst(const TaskSnapshot& task) {
  const Measure& seconds = task.target->limits.cpu_burst_seconds;
  return seconds ? MetricValue(*seconds) : MetricValue();
}

std::vector<TaskMetric> IdentityMetrics() {
  std::vector<TaskMetric> metrics = {
      {"reeve_task_info",
       kTask,
       "Always 1. Its labels tell more of the task, to be joined with its "
       "other "
       "series.",
       kGauge,
       "",
       kAgent,
       kAgent,
       {{"", One}},
       /*has_info_labels=*/true},
      {"reeve_task_start_time_seconds",
       kTask,
       "When the task was started, in Unix time.",
       kGauge,
       "seconds",
       kAgent,
       kAgent,
       {{"", StartTime}}},
      {"reeve_task_restarts_total",
       kTask,
       "Times the task was started anew. Absent without a restart policy.",
       kCounter,
       "",
       kAgent,
       kAgent,
       {{"", Restarts}}},
  };
  // Of the restarts, which are each task's.
  metrics.back().has_groups = false;
  return metrics;
}

std::vector<TaskMetric> CpuMetrics() {
  return {
      {"reeve_task_cpu_usage_seconds_total",
       kCpu,
       "CPU time used by the task.",
       kCounter,
       "seconds",
       "cpuacct.usage; on hybrid hosts cpu.stat usage_usec of the twin",
       "cpu.stat usage_usec",
       {{"", SecondsOf<&CgroupSample::cpu_usage_ns>}}},
      {"reeve_task_cpu_seconds_total",
       kCpu,
       "CPU time used by the task, in user and in kernel mode. On cgroup v1 "
       "the "
       "two come from another clock than the usage and need not add up to it.",
       kCounter,
       "seconds",
       "cpuacct.usage_user, cpuacct.usage_sys; on hybrid hosts cpu.stat "
       "user_usec, system_usec of the twin",
       "cpu.stat user_usec, system_usec",
       {{R"(mode="user")", SecondsOf<&CgroupSample::cpu_user_ns>},
        {R"(mode="system")", SecondsOf<&CgroupSample::cpu_system_ns>}}},
      {"reeve_task_cpu_usage_ratio",
       kCpu,
       "CPU time per wall time between the last two samples; 1 is one core. "
       "Absent at a task's first sample and after a counter was reset.",
       kGauge,
       "ratio",
       kPercentSource,
       kPercentSource,
       {{R"(mode="user")", CoresOf<&TaskSnapshot::cpu_user_percent>},
        {R"(mode="system")", CoresOf<&TaskSnapshot::cpu_system_percent>},
        {R"(mode="total")", CoresOf<&TaskSnapshot::cpu_percent>}}},
      {"reeve_task_cpu_ticks_hertz",
       kCpu,
       "CPU cycles per second used between the last two samples.",
       kGauge,
       "hertz",
       kTicksSource,
       kTicksSource,
       {{"", TicksHertz}}},
      {"reeve_task_cpu_ticks_total",
       kCpu,
       "CPU cycles used by the task since it was started.",
       kCounter,
       "cycles",
       kTicksSource,
       kTicksSource,
       {{"", TicksTotal}}},
      {"reeve_task_cpu_limit_cores",
       kLimits,
       "The task's CPU limit in cores. Absent without one.",
       kGauge,
       "cores",
       "cpu.cfs_quota_us, cpu.cfs_period_us",
       "cpu.max",
       {{"", CpuLimit}}},
      {"reeve_task_cpu_shares",
       kLimits,
       "The task's weight among its siblings where CPU time is short, in "
       "cgroup "
       "v1 units: 1024 is an ordinary task.",
       kGauge,
       "",
       "cpu.shares",
       "cpu.weight, as shares",
       {{"", LimitOf<&LimitValues::cpu_shares>}}},
      {"reeve_task_cpu_burst_limit_seconds",
       kLimits,
       "CPU time beyond the limit of a period that the task may save up. "
       "Absent "
       "if it was never set.",
       kGauge,
       "seconds",
       "cpu.cfs_burst_us",
       "cpu.max.burst",
       {{"", CpuBurst}}},
      {"reeve_task_cpu_idle",
       kLimits,
       "1 if the task runs only when nothing else wants to, else 0. Absent if "
       "it was never set.",
       kGauge,
       "",
       "cpu.idle",
       "cpu.idle",
       {{"", LimitOf<&LimitValues::cpu_idle>}}},
  };
}

// Without such a limit the counts are 0 for ever.
MetricValue BurstPeriods(const TaskSnapshot& task) {
  if (!task.target->limits.cpu_burst_seconds) return {};
  return CountOf<&CgroupSample::cpu_burst_periods>(task);
}

MetricValue BurstSeconds(const TaskSnapshot& task) {
  if (!task.target->limits.cpu_burst_seconds) return {};
  return SecondsOf<&CgroupSample::cpu_burst_ns>(task);
}

std::vector<TaskMetric> ThrottlingMetrics() {
  return {
      {"reeve_task_cpu_cfs_periods_total",
       kCpu,
       "Periods of the CPU limit in which the task wanted to run.",
       kCounter,
       "",
       "cpu.stat nr_periods",
       "cpu.stat nr_periods",
       {{"", CountOf<&CgroupSample::cpu_periods>}}},
      {"reeve_task_cpu_cfs_throttled_periods_total",
       kCpu,
       "Periods in which the task had used up its CPU limit and had to wait.",
       kCounter,
       "",
       "cpu.stat nr_throttled",
       "cpu.stat nr_throttled",
       {{"", CountOf<&CgroupSample::cpu_throttled_periods>}}},
      {"reeve_task_cpu_cfs_throttled_seconds_total",
       kCpu,
       "Time the task had to wait because its CPU limit was used up, added up "
       "over the CPUs.",
       kCounter,
       "seconds",
       "cpu.stat throttled_time",
       "cpu.stat throttled_usec",
       {{"", SecondsOf<&CgroupSample::cpu_throttled_ns>}}},
      {"reeve_task_cpu_cfs_burst_periods_total",
       kCpu,
       "Periods in which the task used CPU time that it had saved up. Only for "
       "a task with a burst limit.",
       kCounter,
       "",
       "cpu.stat nr_bursts",
       "cpu.stat nr_bursts",
       {{"", BurstPeriods}}},
      {"reeve_task_cpu_cfs_burst_seconds_total",
       kCpu,
       "CPU time that the task used beyond the limit of a period. Only for a "
       "task with a burst limit.",
       kCounter,
       "seconds",
       "cpu.stat burst_time",
       "cpu.stat burst_usec",
       {{"", BurstSeconds}}},
  };
}

std::vector<TaskMetric> MemoryUsageMetrics() {
  return {
      {"reeve_task_memory_usage_bytes",
       kMemory,
       "All memory charged to the task, file cache included.",
       kGauge,
       "bytes",
       "memory.usage_in_bytes",
       "memory.current",
       {{"", CountOf<&CgroupSample::memory_usage_bytes>}}},
      {"reeve_task_memory_working_set_bytes",
       kMemory,
       "Memory usage without file cache that has not been used lately.",
       kGauge,
       "bytes",
       "memory.usage_in_bytes - memory.stat total_inactive_file",
       "memory.current - memory.stat inactive_file",
       {{"", CountOf<&CgroupSample::memory_working_set_bytes>}}},
      {"reeve_task_memory_anon_bytes",
       kMemory,
       "Memory that no file backs: heap, stacks and the like. On cgroup v1 "
       "with "
       "what of it is in the swap cache.",
       kGauge,
       "bytes",
       "memory.stat total_rss",
       "memory.stat anon",
       {{"", CountOf<&CgroupSample::memory_anon_bytes>}}},
      {"reeve_task_memory_file_bytes",
       kMemory,
       "Page cache, shared memory and tmpfs included.",
       kGauge,
       "bytes",
       "memory.stat total_cache",
       "memory.stat file",
       {{"", CountOf<&CgroupSample::memory_file_bytes>}}},
      {"reeve_task_memory_swap_bytes",
       kMemory,
       "Memory of the task that is swapped out.",
       kGauge,
       "bytes",
       "memory.stat total_swap",
       "memory.swap.current",
       {{"", CountOf<&CgroupSample::memory_swap_bytes>}}},
      {"reeve_task_memory_kernel_bytes",
       kMemory,
       "Memory the kernel uses on behalf of the task.",
       kGauge,
       "bytes",
       "memory.kmem.usage_in_bytes",
       "memory.stat kernel",
       {{"", CountOf<&CgroupSample::memory_kernel_bytes>}}},
  };
}

std::vector<TaskMetric> MemoryBoundMetrics() {
  return {
      {"reeve_task_memory_peak_bytes",
       kMemory,
       "The highest memory usage since the task was started.",
       kGauge,
       "bytes",
       "memory.max_usage_in_bytes",
       "memory.peak",
       {{"", CountOf<&CgroupSample::memory_peak_bytes>}}},
      {"reeve_task_memory_kernel_peak_bytes",
       kMemory,
       "The most memory the kernel used on behalf of the task since it was "
       "started.",
       kGauge,
       "bytes",
       "memory.kmem.max_usage_in_bytes",
       "",
       {{"", CountOf<&CgroupSample::memory_kernel_peak_bytes>}}},
      {"reeve_task_memory_limit_bytes",
       kLimits,
       "The task's memory limit. Absent without one.",
       kGauge,
       "bytes",
       "memory.limit_in_bytes",
       "memory.max",
       {{"", LimitOf<&LimitValues::memory_bytes>}}},
  };
}

// Where nothing is protected the count is 0 for ever.
MetricValue LowEvents(const TaskSnapshot& task) {
  const LimitValues& limits = task.target->limits;
  if (!limits.memory_low_bytes && !limits.memory_min_bytes) return {};
  return CountOf<&CgroupSample::memory_low_events>(task);
}

MetricValue HighEvents(const TaskSnapshot& task) {
  if (!task.target->limits.memory_high_bytes) return {};
  return CountOf<&CgroupSample::memory_high_events>(task);
}

std::vector<TaskMetric> MemoryEventMetrics() {
  return {
      {"reeve_task_memory_events_total",
       kMemory,
       "Times that the task's memory was short: reclaimed though protected "
       "(low), slowed down above its mark (high), stopped at its limit (max), "
       "out of memory (oom). The first two only for a task with such a limit. "
       "On cgroup v1 max alone, and since Linux 6.15 only while the task may "
       "use swap.",
       kCounter,
       "",
       "memory.failcnt + memory.memsw.failcnt (max)",
       "memory.events low, high, max, oom",
       {{R"(event="low")", LowEvents},
        {R"(event="high")", HighEvents},
        {R"(event="max")", CountOf<&CgroupSample::memory_max_events>},
        {R"(event="oom")", CountOf<&CgroupSample::memory_oom_events>}}},
      {"reeve_task_memory_oom_kills_total",
       kMemory,
       "Processes of the task that the kernel killed for want of memory.",
       kCounter,
       "",
       "memory.oom_control oom_kill",
       "memory.events oom_kill",
       {{"", CountOf<&CgroupSample::oom_kills>}}},
  };
}

// The memory limits beside the one that everybody has.
std::vector<TaskMetric> MemoryLimitMetrics() {
  return {
      {"reeve_task_memory_high_bytes",
       kLimits,
       "Memory above which the task is slowed down. Absent without a mark.",
       kGauge,
       "bytes",
       "",
       "memory.high",
       {{"", LimitOf<&LimitValues::memory_high_bytes>}}},
      {"reeve_task_memory_low_bytes",
       kLimits,
       "Memory of the task that is reclaimed last. Absent if it was never set.",
       kGauge,
       "bytes",
       "",
       "memory.low",
       {{"", LimitOf<&LimitValues::memory_low_bytes>}}},
      {"reeve_task_memory_min_bytes",
       kLimits,
       "Memory of the task that is never reclaimed. Absent if it was never "
       "set.",
       kGauge,
       "bytes",
       "",
       "memory.min",
       {{"", LimitOf<&LimitValues::memory_min_bytes>}}},
      {"reeve_task_memory_swap_limit_bytes",
       kLimits,
       "The task's limit of swap alone; 0 is no swap. Absent without a limit.",
       kGauge,
       "bytes",
       "memory.memsw.limit_in_bytes - memory.limit_in_bytes",
       "memory.swap.max",
       {{"", LimitOf<&LimitValues::memory_swap_bytes>}}},
      {"reeve_task_memory_oom_group",
       kLimits,
       "1 if the kernel kills the whole task for want of memory, 0 if only one "
       "process. Absent if it was never set.",
       kGauge,
       "",
       "",
       "memory.oom.group",
       {{"", LimitOf<&LimitValues::memory_oom_group>}}},
  };
}

std::vector<TaskMetric> PidsMetrics() {
  return {
      {"reeve_task_threads",
       kPids,
       "Threads of all processes of the task.",
       kGauge,
       "",
       "pids.current",
       "pids.current",
       {{"", CountOf<&CgroupSample::threads>}}},
      {"reeve_task_threads_limit",
       kLimits,
       "The most threads the task may have. Absent without a limit.",
       kGauge,
       "",
       "pids.max",
       "pids.max",
       {{"", LimitOf<&LimitValues::threads>}}},
      {"reeve_task_fork_failures_total",
       kPids,
       "New processes and threads that the limit on threads refused.",
       kCounter,
       "",
       "pids.events max",
       "pids.events max",
       {{"", CountOf<&CgroupSample::fork_failures>}}},
  };
}

}  // namespace

std::vector<TaskMetric> TaskMetrics() {
  std::vector<TaskMetric> all;
  for (const auto& part :
       {IdentityMetrics(), CpuMetrics(), ThrottlingMetrics(),
        MemoryUsageMetrics(), MemoryBoundMetrics(), MemoryEventMetrics(),
        MemoryLimitMetrics(), PidsMetrics(), DeviceLimitMetrics(),
        PeakMetrics(), PressureMetrics(), IoMetrics(), MemoryBreakdownMetrics(),
        HugetlbMetrics(), NetworkMetrics(), ProcessDetailMetrics()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace reeve
