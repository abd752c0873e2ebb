#include "collectors/cgroup/cpu_reader.h"

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "base/clock_ticks.h"
#include "base/kernel_number.h"
#include "collectors/cgroup/v1/cpu_stat.h"
#include "collectors/cgroup/v1/cpuacct_stat.h"
#include "collectors/cgroup/v2/cpu_stat.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "cpu";

uint64_t NanosecondsFromUsec(uint64_t usec) { return usec * 1000; }

std::optional<uint64_t> NanosecondsFromUsec(std::optional<uint64_t> usec) {
  if (!usec.has_value()) return std::nullopt;
  return NanosecondsFromUsec(*usec);
}

}  // namespace

absl::StatusOr<CpuReader> CpuReader::Open(const CgroupDirs& dirs,
                                          const CgroupDirHandles& handles) {
  CpuReader reader;
  absl::Status status =
      handles.OpenFile(dirs.unified, "cpu.stat", reader.unified_stat_);
  if (!reader.unified_stat_.Exists()) {
    status.Update(reader.OpenCpuacct(dirs, handles));
  }
  if (dirs.cpu.has_value() && dirs.cpu->version == CgroupVersion::kV1) {
    status.Update(handles.OpenFile(dirs.cpu, "cpu.stat", reader.v1_stat_));
  }
  if (!status.ok()) return status;
  return reader;
}

absl::Status CpuReader::OpenCpuacct(const CgroupDirs& dirs,
                                    const CgroupDirHandles& handles) {
  absl::Status status =
      handles.OpenFile(dirs.cpuacct, "cpuacct.usage", cpuacct_usage_);
  status.Update(handles.OpenFile(dirs.cpuacct, "cpuacct.usage_user",
                                 cpuacct_usage_user_));
  status.Update(
      handles.OpenFile(dirs.cpuacct, "cpuacct.usage_sys", cpuacct_usage_sys_));
  if (!cpuacct_usage_user_.Exists()) {
    status.Update(
        handles.OpenFile(dirs.cpuacct, "cpuacct.stat", cpuacct_stat_));
  }
  return status;
}

void CpuReader::ReadTime(SamplePass& pass, CgroupSample& sample) {
  ReadUnified(pass, sample);
  ReadCpuacct(pass, sample);
}

void CpuReader::ReadUnified(SamplePass& pass, CgroupSample& sample) {
  const std::optional<CpuStatV2> stat =
      pass.Read(kCollector, unified_stat_, ParseCpuStatV2);
  if (!stat.has_value()) return;
  sample.cpu_usage_ns = NanosecondsFromUsec(stat->usage_usec);
  sample.cpu_user_ns = NanosecondsFromUsec(stat->user_usec);
  sample.cpu_system_ns = NanosecondsFromUsec(stat->system_usec);
  sample.cpu_periods = stat->nr_periods;
  sample.cpu_throttled_periods = stat->nr_throttled;
  sample.cpu_throttled_ns = NanosecondsFromUsec(stat->throttled_usec);
  sample.cpu_burst_periods = stat->nr_bursts;
  sample.cpu_burst_ns = NanosecondsFromUsec(stat->burst_usec);
}

void CpuReader::ReadCpuacct(SamplePass& pass, CgroupSample& sample) {
  if (!cpuacct_usage_.Exists()) return;
  sample.cpu_usage_ns =
      pass.Read(kCollector, cpuacct_usage_, ParseKernelNumber);
  sample.cpu_user_ns =
      pass.Read(kCollector, cpuacct_usage_user_, ParseKernelNumber);
  sample.cpu_system_ns =
      pass.Read(kCollector, cpuacct_usage_sys_, ParseKernelNumber);
  const std::optional<CpuacctStatV1> stat =
      pass.Read(kCollector, cpuacct_stat_, ParseCpuacctStatV1);
  if (!stat.has_value()) return;
  sample.cpu_user_ns = NanosecondsFromClockTicks(stat->user);
  sample.cpu_system_ns = NanosecondsFromClockTicks(stat->system);
}

void CpuReader::ReadThrottling(SamplePass& pass, CgroupSample& sample) {
  const std::optional<CpuStatV1> stat =
      pass.Read(kCollector, v1_stat_, ParseCpuStatV1);
  if (!stat.has_value()) return;
  sample.cpu_periods = stat->nr_periods;
  sample.cpu_throttled_periods = stat->nr_throttled;
  sample.cpu_throttled_ns = stat->throttled_time;
  sample.cpu_burst_periods = stat->nr_bursts;
  sample.cpu_burst_ns = stat->burst_time;
}

}  // namespace reeve
