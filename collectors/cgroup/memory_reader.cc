#include "collectors/cgroup/memory_reader.h"

#include <sys/utsname.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/kernel_number.h"
#include "collectors/cgroup/memory_events.h"
#include "collectors/cgroup/v1/limit_hits.h"
#include "collectors/cgroup/v1/memory_stat.h"
#include "collectors/cgroup/v2/memory_stat.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "memory";

// Usage and inactive file cache are read at two instants, so that the second
// can be the larger one.
std::optional<uint64_t> WorkingSet(std::optional<uint64_t> usage,
                                   uint64_t inactive_file) {
  if (!usage.has_value()) return std::nullopt;
  return *usage > inactive_file ? *usage - inactive_file : 0;
}

std::string KernelRelease() {
  utsname names;
  return uname(&names) == 0 ? names.release : "";
}

// Without any limit there is none to be met.
constexpr uint64_t kSurelyNoLimit = uint64_t{1} << 62;

bool LeavesNoSwap(const MemoryStatV1& stat) {
  const auto& memory_and_swap = stat.hierarchical_memsw_limit;
  return memory_and_swap.has_value() && *memory_and_swap < kSurelyNoLimit &&
         memory_and_swap <= stat.hierarchical_memory_limit;
}

}  // namespace

absl::StatusOr<MemoryReader> MemoryReader::Open(
    const CgroupDirs& dirs, const CgroupDirHandles& handles) {
  MemoryReader reader;
  if (!dirs.memory.has_value()) return reader;
  reader.version_ = dirs.memory->version;
  const absl::Status opened = reader.version_ == CgroupVersion::kV1
                                  ? reader.OpenV1(dirs, handles)
                                  : reader.OpenV2(dirs, handles);
  if (!opened.ok()) return opened;
  return reader;
}

absl::Status MemoryReader::OpenV1(const CgroupDirs& dirs,
                                  const CgroupDirHandles& handles) {
  const auto& dir = dirs.memory;
  absl::Status status = handles.OpenFile(dir, "memory.usage_in_bytes", usage_);
  status.Update(handles.OpenFile(dir, "memory.max_usage_in_bytes", peak_));
  status.Update(handles.OpenFile(dir, "memory.stat", stat_));
  status.Update(handles.OpenFile(dir, "memory.oom_control", events_));
  status.Update(
      handles.OpenFile(dir, "memory.kmem.usage_in_bytes", kernel_usage_));
  status.Update(
      handles.OpenFile(dir, "memory.kmem.max_usage_in_bytes", kernel_peak_));
  status.Update(handles.OpenFile(dir, "memory.failcnt", failures_));
  if (CountsMemoryAndSwapFailures(KernelRelease())) {
    status.Update(
        handles.OpenFile(dir, "memory.memsw.failcnt", swap_failures_));
  }
  return status;
}

absl::Status MemoryReader::OpenV2(const CgroupDirs& dirs,
                                  const CgroupDirHandles& handles) {
  const auto& dir = dirs.memory;
  absl::Status status = handles.OpenFile(dir, "memory.current", usage_);
  status.Update(handles.OpenFile(dir, "memory.peak", peak_));
  status.Update(handles.OpenFile(dir, "memory.stat", stat_));
  status.Update(handles.OpenFile(dir, "memory.events", events_));
  status.Update(handles.OpenFile(dir, "memory.swap.current", swap_));
  return status;
}

void MemoryReader::ReadUsage(SamplePass& pass, CgroupSample& sample) {
  sample.memory_usage_bytes = pass.Read(kCollector, usage_, ParseKernelNumber);
}

void MemoryReader::ReadKinds(SamplePass& pass, CgroupSample& sample) {
  sample.memory_swap_bytes = pass.Read(kCollector, swap_, ParseKernelNumber);
  sample.memory_kernel_bytes =
      pass.Read(kCollector, kernel_usage_, ParseKernelNumber);
  if (version_ == CgroupVersion::kV1) {
    ReadStatV1(pass, sample);
  } else {
    ReadStatV2(pass, sample);
  }
}

void MemoryReader::ReadEvents(SamplePass& pass, CgroupSample& sample) {
  sample.memory_peak_bytes = pass.Read(kCollector, peak_, ParseKernelNumber);
  sample.memory_kernel_peak_bytes =
      pass.Read(kCollector, kernel_peak_, ParseKernelNumber);
  const MemoryEvents events = pass.Read(kCollector, events_, ParseMemoryEvents)
                                  .value_or(MemoryEvents());
  sample.memory_low_events = events.low;
  sample.memory_high_events = events.high;
  sample.memory_max_events =
      version_ == CgroupVersion::kV1 ? ReadLimitHitsV1(pass) : events.max;
  sample.memory_oom_events = events.oom;
  sample.oom_kills = events.oom_kill;
}

std::optional<uint64_t> MemoryReader::ReadLimitHitsV1(SamplePass& pass) {
  LimitFailures failures;
  failures.memory = pass.Read(kCollector, failures_, ParseKernelNumber);
  failures.memory_and_swap =
      pass.Read(kCollector, swap_failures_, ParseKernelNumber);
  failures.swap_is_off = swap_is_off_;
  return LimitHits(failures);
}

void MemoryReader::ReadStatV1(SamplePass& pass, CgroupSample& sample) {
  const std::optional<MemoryStatV1> stat =
      pass.Read(kCollector, stat_, ParseMemoryStatV1);
  if (!stat.has_value()) return;
  sample.memory_anon_bytes = stat->total_rss;
  sample.memory_file_bytes = stat->total_cache;
  sample.memory_mapped_file_bytes = stat->total_mapped_file;
  sample.memory_swap_bytes = stat->total_swap;
  swap_is_off_ = LeavesNoSwap(*stat);
  sample.memory_working_set_bytes =
      WorkingSet(sample.memory_usage_bytes, stat->total_inactive_file);
}

void MemoryReader::ReadStatV2(SamplePass& pass, CgroupSample& sample) {
  const std::optional<MemoryStatV2> stat =
      pass.Read(kCollector, stat_, ParseMemoryStatV2);
  if (!stat.has_value()) return;
  sample.memory_anon_bytes = stat->anon;
  sample.memory_file_bytes = stat->file;
  sample.memory_mapped_file_bytes = stat->file_mapped;
  sample.memory_kernel_bytes = stat->kernel;
  sample.memory_working_set_bytes =
      WorkingSet(sample.memory_usage_bytes, stat->inactive_file);
}

}  // namespace reeve
