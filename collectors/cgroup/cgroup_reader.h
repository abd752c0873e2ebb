#ifndef REEVE_COLLECTORS_CGROUP_CGROUP_READER_H_
#define REEVE_COLLECTORS_CGROUP_CGROUP_READER_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/cgroup_sample.h"
#include "collectors/cgroup/cpu_reader.h"
#include "collectors/cgroup/memory_reader.h"
#include "collectors/cgroup/pids_reader.h"
#include "collectors/cgroup/sample_pass.h"

namespace reeve {

// All that is measured of one cgroup. The files are opened once and kept, so
// that a sample costs little more than the kernel's own work and allocates
// nothing. If the cgroup is made again under the same name, this still tells of
// the old one. Thread-compatible.
class CgroupReader {
 public:
  // kNotFound if there is no such cgroup. `clock` must outlive the reader.
  static absl::StatusOr<CgroupReader> Open(const CgroupDirs& dirs,
                                           const Clock& clock);

  // Reads every file once. What cannot be read is told to `on_error` and stays
  // absent. kNotFound if the cgroup has been removed; `sample` is then of no
  // use.
  absl::Status Read(ReadBuffer& buffer, ReadErrorSink on_error,
                    CgroupSample& sample);

  // The same for regular rounds, at half the cost for a task that sleeps: if no
  // CPU time was used since the reading before, then what only running
  // processes can change (peaks, events, refused forks, throttling) is taken
  // from it, and so is what memory is used for while its total is the same.
  // Reads every file at every tenth call at least.
  absl::Status ReadChanges(ReadBuffer& buffer, ReadErrorSink on_error,
                           CgroupSample& sample);

  // The same for rounds between those, for what changes fast: CPU time and
  // throttling, the memory in all, and how many threads there are. Everything
  // else is that of the reading before.
  absl::Status ReadQuick(ReadBuffer& buffer, ReadErrorSink on_error,
                         CgroupSample& sample);

 private:
  // Sets what all kinds of readings have.
  void ReadUsage(SamplePass& pass, CgroupSample& sample);
  // kNotFound if the cgroup has been removed.
  absl::Status Finish(const SamplePass& pass, const CgroupSample& sample);
  absl::Status ReadFiles(SamplePass& pass, bool may_skip, CgroupSample& sample);

  CgroupReader(const Clock& clock, uint64_t inode, CpuReader cpu,
               MemoryReader memory, PidsReader pids);

  const Clock* clock_;
  uint64_t inode_;
  CpuReader cpu_;
  MemoryReader memory_;
  PidsReader pids_;

  // What tells whether anything has happened since.
  struct Totals {
    std::optional<uint64_t> cpu_usage_ns;
    std::optional<uint64_t> memory_usage_bytes;
  };

  CgroupSample last_;
  // At the last reading that was not a quick one.
  Totals detailed_;
  // Readings since the events were read.
  int skipped_ = 0;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_CGROUP_READER_H_
