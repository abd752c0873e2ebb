#include "exporters/prometheus/cadvisor_metrics.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "collectors/extra_sample.h"
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
      Row("container_memory_mapped_file", kGauge,
          "Page cache that is mapped by processes.",
          CountOf<&CgroupSample::memory_mapped_file_bytes>),
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

// What follows comes from optional collectors of the same names as the flags,
// and is absent where they are off.

template <Count MemoryBreakdown::*kFaults>
MetricValue FaultsOf(const TaskSnapshot& task) {
  if (task.extra == nullptr) return {};
  const Count& faults = task.extra->memory.*kFaults;
  return faults ? MetricValue(*faults) : MetricValue();
}

// There, faults that waited for a device are among the others.
MetricValue AllFaults(const TaskSnapshot& task) {
  if (task.extra == nullptr) return {};
  const MemoryBreakdown& memory = task.extra->memory;
  if (!memory.minor_faults || !memory.major_faults) return {};
  return *memory.minor_faults + *memory.major_faults;
}

TaskMetric FailuresRow() {
  TaskMetric metric =
      Row("container_memory_failures_total", kCounter,
          "Page faults, of the task and of what is below its cgroup.",
          AllFaults, R"(failure_type="pgfault",scope="hierarchy")");
  metric.series.push_back({R"(failure_type="pgmajfault",scope="hierarchy")",
                           FaultsOf<&MemoryBreakdown::major_faults>});
  return metric;
}

size_t CountDevices(const TaskSnapshot& task) {
  return task.extra == nullptr ? 0 : task.extra->io.size();
}

absl::string_view DeviceName(const TaskSnapshot& task, size_t item) {
  return task.extra->io[item].device;
}

template <Count DeviceIo::*kField>
MetricValue IoOf(const TaskSnapshot& task, size_t item) {
  const Count& count = task.extra->io[item].*kField;
  return count ? MetricValue(*count) : MetricValue();
}

TaskMetric DeviceRow(absl::string_view name, absl::string_view help,
                     MetricValue (*value)(const TaskSnapshot&, size_t)) {
  TaskMetric metric = Row(name, kCounter, help, nullptr);
  metric.series.clear();
  metric.items = {"device", CountDevices, DeviceName};
  metric.item_series = {{"", value}};
  return metric;
}

std::vector<TaskMetric> IoRows() {
  return {
      DeviceRow("container_fs_reads_total", "Reads of a device.",
                IoOf<&DeviceIo::read_operations>),
      DeviceRow("container_fs_writes_total", "Writes to a device.",
                IoOf<&DeviceIo::write_operations>),
      DeviceRow("container_fs_reads_bytes_total", "Bytes read from a device.",
                IoOf<&DeviceIo::read_bytes>),
      DeviceRow("container_fs_writes_bytes_total", "Bytes written to a device.",
                IoOf<&DeviceIo::write_bytes>),
  };
}

template <PressureTimes ExtraSample::*kResource, Count PressureTimes::*kTime>
MetricValue PressureOf(const TaskSnapshot& task) {
  if (task.extra == nullptr) return {};
  const Count& time = (*task.extra).*kResource.*kTime;
  return time ? MetricValue(Nanoseconds{*time}) : MetricValue();
}

template <PressureTimes ExtraSample::*kResource>
void AddPressure(const std::string& resource, std::vector<TaskMetric>* rows) {
  const std::string name = "container_pressure_" + resource;
  rows->push_back(Row(name + "_waiting_seconds_total", kCounter,
                      "Time in which some processes waited.",
                      PressureOf<kResource, &PressureTimes::waiting_ns>));
  rows->push_back(Row(name + "_stalled_seconds_total", kCounter,
                      "Time in which all processes waited.",
                      PressureOf<kResource, &PressureTimes::stalled_ns>));
}

std::vector<TaskMetric> PressureRows() {
  std::vector<TaskMetric> rows;
  AddPressure<&ExtraSample::cpu_pressure>("cpu", &rows);
  AddPressure<&ExtraSample::memory_pressure>("memory", &rows);
  AddPressure<&ExtraSample::io_pressure>("io", &rows);
  return rows;
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
  for (const auto& part :
       {CpuRows(), MemoryRows(), OtherRows(), IoRows(), PressureRows()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  all.push_back(FailuresRow());
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
