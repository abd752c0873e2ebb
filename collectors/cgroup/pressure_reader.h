#ifndef REEVE_COLLECTORS_CGROUP_PRESSURE_READER_H_
#define REEVE_COLLECTORS_CGROUP_PRESSURE_READER_H_

#include <optional>

#include "absl/status/status.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/extra_sample.h"

namespace reeve {

// The pressure files of one cgroup, which are in the v2 hierarchy, whether or
// not that has any controllers. Thread-compatible.
class PressureReader {
 public:
  explicit PressureReader(const CgroupDirs& dirs) : dir_(dirs.unified) {}

  // Sets the pressures. They are absent while pressure is not counted in this
  // cgroup (0 in cgroup.pressure): the kernel then says of the files what it
  // says of those of a removed cgroup, and goes on saying so of those that are
  // open. So they are looked for anew.
  void Read(ReadBuffer& buffer, ReadErrorSink on_error, ExtraSample& sample);

 private:
  absl::Status OpenFiles();

  std::optional<CgroupDir> dir_;
  KeptFile cpu_;
  KeptFile memory_;
  KeptFile io_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_PRESSURE_READER_H_
