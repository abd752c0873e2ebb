#ifndef REEVE_COLLECTORS_CGROUP_IO_READER_H_
#define REEVE_COLLECTORS_CGROUP_IO_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/device_names.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/extra_sample.h"

namespace reeve {

// What one cgroup read from and wrote to which block devices, v1 or v2. A task
// may get its blkio cgroup, or the io controller, later than it begins, so the
// files are looked for until they are there. Thread-compatible.
class IoReader {
 public:
  // Devices are named as in `sysfs`.
  IoReader(const CgroupDirs& dirs, const std::string& sysfs)
      : dir_(dirs.io), names_(sysfs) {}

  // Sets the devices with traffic.
  void Read(ReadBuffer& buffer, ReadErrorSink on_error, ExtraSample& sample);

 private:
  absl::Status OpenFiles();
  std::vector<DeviceIo> ReadV1(SamplePass& pass);

  std::optional<CgroupDir> dir_;
  DeviceNames names_;
  // v2 only.
  KeptFile stat_;
  // v1 only.
  KeptFile bytes_;
  KeptFile operations_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_IO_READER_H_
