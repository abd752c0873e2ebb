#include "collectors/cgroup/cgroup_reader.h"

#include <utility>

#include "collectors/cgroup/cgroup_dir_handles.h"

namespace reeve {

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
  sample = CgroupSample();
  sample.inode = inode_;
  sample.taken_at = clock_->MonotonicNow();
  cpu_.Read(pass, sample);
  memory_.Read(pass, sample);
  pids_.Read(pass, sample);
  if (!pass.cgroup_is_gone()) return absl::OkStatus();
  return absl::NotFoundError("the cgroup has been removed");
}

}  // namespace reeve
