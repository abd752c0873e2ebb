#include "exporters/prometheus/host_metrics.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exporters/prometheus/host_device_metrics.h"
#include "exporters/prometheus/host_memory_metrics.h"

namespace reeve {
namespace {

using Metrics = std::vector<HostMetric<HostSample>>;

template <std::optional<uint64_t> ProcStat::*kValue>
void AddStat(const HostSample& sample, HostFamilyWriter& writer) {
  writer.Add(ValueOf(sample.stat.*kValue));
}

void AddCpuTimes(const HostSample& sample, HostFamilyWriter& writer) {
  for (size_t i = 0; i < kCpuModes.size(); ++i) {
    writer.Add({{"mode", kCpuModes[i]}}, SecondsOf(sample.cpu_ns[i]));
  }
}

Metrics CpuMetrics() {
  return {
      {{"reeve_host_cpu_seconds_total",
        "CPU time of all CPUs since the machine started, by what it was spent "
        "in. The guests of virtual machines have run in user and in nice. The "
        "modes together are the time of all CPUs.",
        "counter",
        "seconds",
        {absl::StrCat("mode=", absl::StrJoin(kCpuModes, ","))},
        "/proc/stat cpu"},
       AddCpuTimes},
      {{"reeve_host_cpus",
        "CPUs that are online.",
        "gauge",
        "",
        {},
        "/proc/stat cpuN"},
       AddStat<&ProcStat::cpus>},
      {{"reeve_host_context_switches_total",
        "Times that a CPU went from one thread to another.",
        "counter",
        "",
        {},
        "/proc/stat ctxt"},
       AddStat<&ProcStat::context_switches>},
      {{"reeve_host_forks_total",
        "Processes and threads that were started.",
        "counter",
        "",
        {},
        "/proc/stat processes"},
       AddStat<&ProcStat::forks>},
      {{"reeve_host_boot_time_seconds",
        "When the machine was started, in Unix time.",
        "gauge",
        "seconds",
        {},
        "/proc/stat btime"},
       AddStat<&ProcStat::boot_time_seconds>},
  };
}

template <size_t kIndex>
void AddLoad(const HostSample& sample, HostFamilyWriter& writer) {
  if (sample.load.has_value()) writer.Add(sample.load->load[kIndex]);
}

// What is there of, and how much there can be.
Metrics LoadMetrics() {
  return {
      {{"reeve_host_load1",
        "Threads that ran, could have run or waited for a device, on average "
        "over a minute.",
        "gauge",
        "",
        {},
        "/proc/loadavg"},
       AddLoad<0>},
      {{"reeve_host_load5",
        "Threads that ran, could have run or waited for a device, on average "
        "over five minutes.",
        "gauge",
        "",
        {},
        "/proc/loadavg"},
       AddLoad<1>},
      {{"reeve_host_load15",
        "Threads that ran, could have run or waited for a device, on average "
        "over fifteen minutes.",
        "gauge",
        "",
        {},
        "/proc/loadavg"},
       AddLoad<2>},
      {{"reeve_host_threads_running",
        "Threads that run or could run now.",
        "gauge",
        "",
        {},
        "/proc/stat procs_running"},
       AddStat<&ProcStat::running>},
      {{"reeve_host_threads_blocked",
        "Threads that wait for a device now.",
        "gauge",
        "",
        {},
        "/proc/stat procs_blocked"},
       AddStat<&ProcStat::blocked>},
      {{"reeve_host_threads",
        "Threads of all processes.",
        "gauge",
        "",
        {},
        "/proc/loadavg"},
       [](const HostSample& sample, HostFamilyWriter& writer) {
         if (sample.load.has_value()) writer.Add(ValueOf(sample.load->threads));
       }},
      {{"reeve_host_threads_limit",
        "Numbers that there are for processes and threads.",
        "gauge",
        "",
        {},
        "/proc/sys/kernel/pid_max"},
       [](const HostSample& sample, HostFamilyWriter& writer) {
         writer.Add(ValueOf(sample.pid_max));
       }},
      {{"reeve_host_open_files",
        "Open files of all processes.",
        "gauge",
        "",
        {},
        "/proc/sys/fs/file-nr"},
       [](const HostSample& sample, HostFamilyWriter& writer) {
         if (sample.files.has_value()) writer.Add(sample.files->open);
       }},
      {{"reeve_host_open_files_limit",
        "The most open files that all processes may have together.",
        "gauge",
        "",
        {},
        "/proc/sys/fs/file-nr"},
       [](const HostSample& sample, HostFamilyWriter& writer) {
         if (sample.files.has_value()) writer.Add(sample.files->max);
       }},
  };
}

template <PressureTimes HostSample::*kResource,
          std::optional<uint64_t> PressureTimes::*kTime>
void AddPressure(const HostSample& sample, HostFamilyWriter& writer) {
  writer.Add(SecondsOf(sample.*kResource.*kTime));
}

Metrics PressureMetrics() {
  using H = HostSample;
  using P = PressureTimes;
  return {
      {{"reeve_host_pressure_cpu_waiting_seconds_total",
        "Time in which some thread waited for a CPU.",
        "counter",
        "seconds",
        {},
        "/proc/pressure/cpu some"},
       AddPressure<&H::cpu_pressure, &P::waiting_ns>},
      {{"reeve_host_pressure_memory_waiting_seconds_total",
        "Time in which some thread waited for memory.",
        "counter",
        "seconds",
        {},
        "/proc/pressure/memory some"},
       AddPressure<&H::memory_pressure, &P::waiting_ns>},
      {{"reeve_host_pressure_memory_stalled_seconds_total",
        "Time in which all threads that had something to do waited for memory.",
        "counter",
        "seconds",
        {},
        "/proc/pressure/memory full"},
       AddPressure<&H::memory_pressure, &P::stalled_ns>},
      {{"reeve_host_pressure_io_waiting_seconds_total",
        "Time in which some thread waited for a device.",
        "counter",
        "seconds",
        {},
        "/proc/pressure/io some"},
       AddPressure<&H::io_pressure, &P::waiting_ns>},
      {{"reeve_host_pressure_io_stalled_seconds_total",
        "Time in which all threads that had something to do waited for a "
        "device.",
        "counter",
        "seconds",
        {},
        "/proc/pressure/io full"},
       AddPressure<&H::io_pressure, &P::stalled_ns>},
  };
}

}  // namespace

Metrics HostMetrics() {
  Metrics metrics;
  for (Metrics part : {CpuMetrics(), LoadMetrics(), HostMemoryMetrics(),
                       PressureMetrics(), HostDeviceMetrics()}) {
    metrics.insert(metrics.end(), std::make_move_iterator(part.begin()),
                   std::make_move_iterator(part.end()));
  }
  return metrics;
}

}  // namespace reeve
