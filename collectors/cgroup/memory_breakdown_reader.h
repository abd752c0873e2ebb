#ifndef REEVE_COLLECTORS_CGROUP_MEMORY_BREAKDOWN_READER_H_
#define REEVE_COLLECTORS_CGROUP_MEMORY_BREAKDOWN_READER_H_

#include <optional>

#include "absl/status/status.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/extra_sample.h"

namespace reeve {

// All of memory.stat of one cgroup, v1 or v2. MemoryReader takes what everybody
// wants from the same file; for whom this is on, it is read twice.
// Thread-compatible.
class MemoryBreakdownReader {
 public:
  explicit MemoryBreakdownReader(const CgroupDirs& dirs) : dir_(dirs.memory) {}

  void Read(ReadBuffer& buffer, ReadErrorSink on_error, ExtraSample& sample);

 private:
  absl::Status OpenFile();

  std::optional<CgroupDir> dir_;
  KeptFile stat_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_MEMORY_BREAKDOWN_READER_H_
