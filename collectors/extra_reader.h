#ifndef REEVE_COLLECTORS_EXTRA_READER_H_
#define REEVE_COLLECTORS_EXTRA_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/hugetlb_reader.h"
#include "collectors/cgroup/io_reader.h"
#include "collectors/cgroup/memory_breakdown_reader.h"
#include "collectors/cgroup/pressure_reader.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/collector_set.h"
#include "collectors/extra_sample.h"
#include "collectors/process_details.h"
#include "collectors/procfs/network_reader.h"
#include "collectors/snapshot.h"

namespace reeve {

// What the optional collectors read of one task. Whether its cgroup is still
// there is for CgroupReader to say: files that have vanished are absent values
// here. Thread-compatible.
class ExtraReader {
 public:
  // Files are opened by the first Read(), of the collectors that are on alone.
  // Devices are named as in `sysfs`. `procfs_fd` is a handle of procfs, which
  // must outlive the reader; -1 for what has no processes.
  ExtraReader(const CgroupDirs& dirs, const CollectorSet& collectors,
              const std::string& sysfs, int procfs_fd);

  // The task began with `main`; pid 0 if it has no process now.
  void SetMain(const ProcessIdentity& main, ReadBuffer& buffer,
               ReadErrorSink on_error);

  // What may change at times, and the processes that were just looked at.
  void Look(const std::vector<ProcessSnapshot>& processes, ReadBuffer& buffer,
            ReadErrorSink on_error);

  // What cannot be read is told to `on_error` and stays absent.
  ExtraSample Read(ReadBuffer& buffer, ReadErrorSink on_error);

 private:
  // Absent if their collector is off.
  std::optional<HugetlbReader> hugetlb_;
  std::optional<IoReader> io_;
  std::optional<MemoryBreakdownReader> memory_;
  std::optional<NetworkReader> network_;
  std::optional<PressureReader> pressure_;
  // Absent of what has no processes, too.
  std::optional<ProcessDetails> processes_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_EXTRA_READER_H_
