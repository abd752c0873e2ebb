#ifndef REEVE_COLLECTORS_CGROUP_MEMORY_READER_H_
#define REEVE_COLLECTORS_CGROUP_MEMORY_READER_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_dir_handles.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/cgroup_sample.h"
#include "collectors/cgroup/sample_pass.h"

namespace reeve {

// The memory files of one cgroup, v1 or v2. Thread-compatible.
class MemoryReader {
 public:
  // Keeps nothing of its arguments.
  static absl::StatusOr<MemoryReader> Open(const CgroupDirs& dirs,
                                           const CgroupDirHandles& handles);

  // Sets what is used in all.
  void ReadUsage(SamplePass& pass, CgroupSample& sample);

  // Sets what it is used for, and the working set. After ReadUsage().
  void ReadKinds(SamplePass& pass, CgroupSample& sample);

  // Sets the peaks, the times that memory was short, and oom_kills. After
  // ReadKinds() of the same pass.
  void ReadEvents(SamplePass& pass, CgroupSample& sample);

 private:
  absl::Status OpenV1(const CgroupDirs& dirs, const CgroupDirHandles& handles);
  absl::Status OpenV2(const CgroupDirs& dirs, const CgroupDirHandles& handles);
  void ReadStatV1(SamplePass& pass, CgroupSample& sample);
  void ReadStatV2(SamplePass& pass, CgroupSample& sample);
  std::optional<uint64_t> ReadLimitHitsV1(SamplePass& pass);

  CgroupVersion version_ = CgroupVersion::kV2;
  // v1 memory.usage_in_bytes and memory.max_usage_in_bytes, v2 memory.current
  // and memory.peak (Linux 5.19).
  KeptFile usage_;
  KeptFile peak_;
  KeptFile stat_;
  // v1 memory.oom_control, v2 memory.events.
  KeptFile events_;
  // v2 only: v1 has it in memory.stat.
  KeptFile swap_;
  // v1 only: v2 has the first in memory.stat, and not the other.
  KeptFile kernel_usage_;
  KeptFile kernel_peak_;
  // v1 memory.failcnt and memory.memsw.failcnt; v2 has them in memory.events.
  KeptFile failures_;
  KeptFile swap_failures_;
  // v1, as memory.stat last told.
  bool swap_is_off_ = false;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_MEMORY_READER_H_
