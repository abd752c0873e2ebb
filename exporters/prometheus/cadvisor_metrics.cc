#include "exporters/prometheus/cadvisor_metrics.h"

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {
namespace {

using Count = std::optional<uint64_t>;

constexpr double kMicrosecondsPerSecond = 1e6;
constexpr char kCollector[] = "cadvisor";
constexpr char kCounter[] = "counter";
constexpr char kGauge[] = "gauge";

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

bool HasQuota(const TaskSnapshot& task) {
  return task.target->limits.cpu_cores.has_value();
}

// cAdvisor has these only for containers with a quota.
template <Count CgroupSample::*kField>
MetricValue ThrottledOf(const TaskSnapshot& task) {
  return HasQuota(task) ? CountOf<kField>(task) : MetricValue();
}

MetricValue ThrottledSeconds(const TaskSnapshot& task) {
  if (!HasQuota(task)) return {};
  return SecondsOf<&CgroupSample::cpu_throttled_ns>(task);
}

MetricValue UnixTime(absl::Time time) {
  const int64_t nanoseconds = absl::ToUnixNanos(time);
  if (nanoseconds <= 0) return {};
  return Nanoseconds{static_cast<uint64_t>(nanoseconds)};
}

MetricValue StartTime(const TaskSnapshot& task) {
  return UnixTime(task.target->started_at);
}

MetricValue LastSeen(const TaskSnapshot& task) {
  return UnixTime(task.taken_at);
}

MetricValue Processes(const TaskSnapshot& task) {
  if (task.processes == nullptr) return {};
  return uint64_t{task.processes->size()};
}

MetricValue Shares(const TaskSnapshot& task) {
  const Count& shares = task.target->limits.cpu_shares;
  return shares ? MetricValue(*shares) : MetricValue();
}

MetricValue PeriodMicroseconds(const TaskSnapshot& task) {
  const std::optional<double>& period = task.target->limits.cpu_period_seconds;
  if (!period) return {};
  return *period * kMicrosecondsPerSecond;
}

MetricValue QuotaMicroseconds(const TaskSnapshot& task) {
  const LimitValues& limits = task.target->limits;
  if (!limits.cpu_cores || !limits.cpu_period_seconds) return {};
  return *limits.cpu_cores * *limits.cpu_period_seconds *
         kMicrosecondsPerSecond;
}

// 0 is no limit there.
MetricValue MemoryLimit(const TaskSnapshot& task) {
  return task.target->limits.memory_bytes.value_or(0);
}

TaskMetric Row(absl::string_view name, absl::string_view type,
               absl::string_view help,
               MetricValue (*value)(const TaskSnapshot&),
               absl::string_view label = "") {
  TaskMetric metric;
  metric.name = std::string(name);
  metric.collector = kCollector;
  metric.help = std::string(help);
  metric.type = type;
  metric.series = {{label, value}};
  return metric;
}

std::vector<TaskMetric> CpuRows() {
  return {
      Row("container_cpu_usage_seconds_total", kCounter, "CPU time used.",
          SecondsOf<&CgroupSample::cpu_usage_ns>, R"(cpu="total")"),
      Row("container_cpu_user_seconds_total", kCounter,
          "CPU time used in user mode.", SecondsOf<&CgroupSample::cpu_user_ns>),
      Row("container_cpu_system_seconds_total", kCounter,
          "CPU time used in kernel mode.",
          SecondsOf<&CgroupSample::cpu_system_ns>),
      Row("container_cpu_cfs_periods_total", kCounter,
          "Periods of the CPU limit in which the task wanted to run.",
          ThrottledOf<&CgroupSample::cpu_periods>),
      Row("container_cpu_cfs_throttled_periods_total", kCounter,
          "Periods in which the CPU limit was used up.",
          ThrottledOf<&CgroupSample::cpu_throttled_periods>),
      Row("container_cpu_cfs_throttled_seconds_total", kCounter,
          "Time that the CPU limit cost.", ThrottledSeconds),
      Row("container_spec_cpu_shares", kGauge, "CPU shares.", Shares),
      Row("container_spec_cpu_period", kGauge,
          "Period of the CPU limit in microseconds.", PeriodMicroseconds),
      Row("container_spec_cpu_quota", kGauge,
          "CPU time of a period in microseconds. Absent without a limit.",
          QuotaMicroseconds),
  };
}

std::vector<TaskMetric> MemoryRows() {
  return {
      Row("container_memory_usage_bytes", kGauge,
          "All memory charged, file cache included.",
          CountOf<&CgroupSample::memory_usage_bytes>),
      Row("container_memory_working_set_bytes", kGauge,
          "Memory without file cache that was not used lately.",
          CountOf<&CgroupSample::memory_working_set_bytes>),
      Row("container_memory_rss", kGauge, "Memory that no file backs.",
          CountOf<&CgroupSample::memory_anon_bytes>),
      Row("container_memory_cache", kGauge, "Page cache.",
          CountOf<&CgroupSample::memory_file_bytes>),
      Row("container_memory_swap", kGauge, "Memory that is swapped out.",
          CountOf<&CgroupSample::memory_swap_bytes>),
      Row("container_memory_max_usage_bytes", kGauge,
          "The highest memory usage.",
          CountOf<&CgroupSample::memory_peak_bytes>),
      Row("container_memory_failcnt", kCounter,
          "Times that the memory limit was met.",
          CountOf<&CgroupSample::memory_max_events>),
      Row("container_oom_events_total", kCounter,
          "Processes killed for want of memory.",
          CountOf<&CgroupSample::oom_kills>),
      Row("container_spec_memory_limit_bytes", kGauge,
          "Memory limit; 0 without one.", MemoryLimit),
  };
}

std::vector<TaskMetric> OtherRows() {
  return {
      Row("container_threads", kGauge, "Threads.",
          CountOf<&CgroupSample::threads>),
      Row("container_processes", kGauge, "Processes.", Processes),
      Row("container_start_time_seconds", kGauge,
          "When the task was started, in Unix time.", StartTime),
      Row("container_last_seen", kGauge,
          "When the task was measured, in Unix time.", LastSeen),
  };
}

absl::string_view InfoOf(const TaskTarget& target, absl::string_view name) {
  for (const auto& label : target.info) {
    if (label.first == name) return label.second;
  }
  return "";
}

}  // namespace

std::vector<TaskMetric> CadvisorMetrics() {
  std::vector<TaskMetric> all;
  for (const auto& part : {CpuRows(), MemoryRows(), OtherRows()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

void AppendCadvisorIdentity(const TaskTarget& target, std::string* out) {
  AppendLabel("id", InfoOf(target, "cgroup"), out);
  out->push_back(',');
  AppendLabel("image", InfoOf(target, "command"), out);
  out->push_back(',');
  AppendLabel("name", target.id, out);
}

}  // namespace reeve
