#ifndef REEVE_COLLECTORS_CGROUP_CPU_READER_H_
#define REEVE_COLLECTORS_CGROUP_CPU_READER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_dir_handles.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/cgroup_sample.h"
#include "collectors/cgroup/sample_pass.h"

namespace reeve {

// The CPU files of one cgroup. Usage, user and system come from cpu.stat of the
// v2 hierarchy where the cgroup is in it, since that is one read where v1 has
// three (cpuacct.usage, _user, _sys); the v2 hierarchy keeps these counters
// without the cpu controller. Throttling comes from cpu.stat of the cpu
// controller, v1 or v2. Thread-compatible.
class CpuReader {
 public:
  // Keeps nothing of its arguments.
  static absl::StatusOr<CpuReader> Open(const CgroupDirs& dirs,
                                        const CgroupDirHandles& handles);

  // Sets the CPU time, and throttling where it is in the same file.
  void ReadTime(SamplePass& pass, CgroupSample& sample);

  // Sets throttling where it has a file of its own.
  void ReadThrottling(SamplePass& pass, CgroupSample& sample);

 private:
  absl::Status OpenCpuacct(const CgroupDirs& dirs,
                           const CgroupDirHandles& handles);
  void ReadUnified(SamplePass& pass, CgroupSample& sample);
  void ReadCpuacct(SamplePass& pass, CgroupSample& sample);

  KeptFile unified_stat_;
  KeptFile cpuacct_usage_;
  KeptFile cpuacct_usage_user_;
  KeptFile cpuacct_usage_sys_;
  // Only where the two before do not exist.
  KeptFile cpuacct_stat_;
  KeptFile v1_stat_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_CPU_READER_H_
