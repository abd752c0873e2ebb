#include "collectors/cgroup/cgroup_reader.h"

#include <utility>

#include "collectors/cgroup/cgroup_dir_handles.h"

namespace reeve {
namespace {

// Bounds what is missed of changes that others make, such as a process that is
// moved into the cgroup.
constexpr int kMostSkipped = 9;

void KeepMemoryKinds(const CgroupSample& last, CgroupSample& sample) {
  sample.memory_working_set_bytes = last.memory_working_set_bytes;
  sample.memory_anon_bytes = last.memory_anon_bytes;
  sample.memory_file_bytes = last.memory_file_bytes;
  sample.memory_mapped_file_bytes = last.memory_mapped_file_bytes;
  sample.memory_swap_bytes = last.memory_swap_bytes;
  sample.memory_kernel_bytes = last.memory_kernel_bytes;
}

void KeepEvents(const CgroupSample& last, CgroupSample& sample) {
  if (!sample.cpu_periods.has_value()) {
    sample.cpu_periods = last.cpu_periods;
    sample.cpu_throttled_periods = last.cpu_throttled_periods;
    sample.cpu_throttled_ns = last.cpu_throttled_ns;
    sample.cpu_burst_periods = last.cpu_burst_periods;
    sample.cpu_burst_ns = last.cpu_burst_ns;
  }
  sample.memory_peak_bytes = last.memory_peak_bytes;
  sample.memory_kernel_peak_bytes = last.memory_kernel_peak_bytes;
  sample.memory_low_events = last.memory_low_events;
  sample.memory_high_events = last.memory_high_events;
  sample.memory_max_events = last.memory_max_events;
  sample.memory_oom_events = last.memory_oom_events;
  sample.oom_kills = last.oom_kills;
  sample.fork_failures = last.fork_failures;
}

}  // namespace

absl::StatusOr<CgroupReader> CgroupReader::Open(const CgroupDirs& dirs,
                                                const Clock& clock) {
  const absl::StatusOr<CgroupDirHandles> handles = CgroupDirHandles::Open(dirs);
  if (!handles.ok()) return handles.status();
  const absl::StatusOr<uint64_t> inode = handles->Inode();
  if (!inode.ok()) return inode.status();
  absl::StatusOr<CpuReader> cpu = CpuReader::Open(dirs, *handles);
  if (!cpu.ok()) return cpu.status();
  absl::StatusOr<MemoryReader> memory = MemoryReader::Open(dirs, *handles);
  if (!memory.ok()) return memory.status();
  absl::StatusOr<PidsReader> pids = PidsReader::Open(dirs, *handles);
  if (!pids.ok()) return pids.status();
  return CgroupReader(clock, *inode, *std::move(cpu), *std::move(memory),
                      *std::move(pids));
}

CgroupReader::CgroupReader(const Clock& clock, uint64_t inode, CpuReader cpu,
                           MemoryReader memory, PidsReader pids)
    : clock_(&clock),
      inode_(inode),
      cpu_(std::move(cpu)),
      memory_(std::move(memory)),
      pids_(std::move(pids)) {}

absl::Status CgroupReader::Read(ReadBuffer& buffer, ReadErrorSink on_error,
                                CgroupSample& sample) {
  SamplePass pass(buffer, on_error);
  return ReadFiles(pass, /*may_skip=*/false, sample);
}

absl::Status CgroupReader::ReadChanges(ReadBuffer& buffer,
                                       ReadErrorSink on_error,
                                       CgroupSample& sample) {
  SamplePass pass(buffer, on_error);
  return ReadFiles(pass, skipped_ < kMostSkipped, sample);
}

absl::Status CgroupReader::ReadQuick(ReadBuffer& buffer, ReadErrorSink on_error,
                                     CgroupSample& sample) {
  SamplePass pass(buffer, on_error);
  ReadUsage(pass, sample);
  if (sample.cpu_usage_ns != last_.cpu_usage_ns) {
    cpu_.ReadThrottling(pass, sample);
  }
  KeepMemoryKinds(last_, sample);
  KeepEvents(last_, sample);
  return Finish(pass, sample);
}

void CgroupReader::ReadUsage(SamplePass& pass, CgroupSample& sample) {
  sample = CgroupSample();
  sample.inode = inode_;
  sample.taken_at = clock_->MonotonicNow();
  cpu_.ReadTime(pass, sample);
  memory_.ReadUsage(pass, sample);
  pids_.ReadUsage(pass, sample);
}

absl::Status CgroupReader::Finish(const SamplePass& pass,
                                  const CgroupSample& sample) {
  if (pass.cgroup_is_gone()) {
    return absl::NotFoundError("the cgroup has been removed");
  }
  last_ = sample;
  return absl::OkStatus();
}

absl::Status CgroupReader::ReadFiles(SamplePass& pass, bool may_skip,
                                     CgroupSample& sample) {
  ReadUsage(pass, sample);
  const bool slept = may_skip && sample.cpu_usage_ns.has_value() &&
                     sample.cpu_usage_ns == detailed_.cpu_usage_ns;
  if (slept && sample.memory_usage_bytes == detailed_.memory_usage_bytes) {
    KeepMemoryKinds(last_, sample);
  } else {
    memory_.ReadKinds(pass, sample);
  }
  if (slept) {
    KeepEvents(last_, sample);
    ++skipped_;
  } else {
    cpu_.ReadThrottling(pass, sample);
    memory_.ReadEvents(pass, sample);
    pids_.ReadEvents(pass, sample);
    skipped_ = 0;
  }
  detailed_ = {sample.cpu_usage_ns, sample.memory_usage_bytes};
  return Finish(pass, sample);
}

}  // namespace reeve
