#ifndef REEVE_COLLECTORS_CGROUP_PIDS_READER_H_
#define REEVE_COLLECTORS_CGROUP_PIDS_READER_H_

#include "absl/status/statusor.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_dir_handles.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/cgroup_sample.h"
#include "collectors/cgroup/sample_pass.h"

namespace reeve {

// The pids files of one cgroup, which are the same in v1 and v2.
// Thread-compatible.
class PidsReader {
 public:
  // Keeps nothing of its arguments.
  static absl::StatusOr<PidsReader> Open(const CgroupDirs& dirs,
                                         const CgroupDirHandles& handles);

  // Sets threads.
  void ReadUsage(SamplePass& pass, CgroupSample& sample);

  // Sets fork_failures.
  void ReadEvents(SamplePass& pass, CgroupSample& sample);

 private:
  // pids.current and pids.events.
  KeptFile current_;
  KeptFile events_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_PIDS_READER_H_
