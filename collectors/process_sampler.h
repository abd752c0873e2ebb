#ifndef REEVE_COLLECTORS_PROCESS_SAMPLER_H_
#define REEVE_COLLECTORS_PROCESS_SAMPLER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/cpu_percent_calculator.h"
#include "collectors/procfs/process_reader.h"
#include "collectors/procfs/process_tree.h"
#include "collectors/snapshot.h"

namespace reeve {

using ProcessSnapshots = std::shared_ptr<const std::vector<ProcessSnapshot>>;

// The processes of one task. A process is told from another with the same pid
// by its start time, so that a reused pid starts without a percentage.
// Thread-compatible.
class ProcessSampler {
 public:
  // `reader` must outlive the sampler.
  explicit ProcessSampler(const ProcessReader& reader) : reader_(reader) {}

  // Where to find the processes if the cgroup does not list them.
  void SetRoots(const TaskRoots& roots) { roots_ = roots; }

  // Reads every process of `cgroup`, or of the process tree below the roots
  // if no hierarchy has a list of the cgroup's that can be read. One that ends
  // meanwhile is left out; what cannot be read is told to `on_error` and left
  // out.
  ProcessSnapshots Sample(const CgroupDirs& cgroup, ReadBuffer& buffer,
                          ReadErrorSink on_error);

  // The same between two regular looks, which it does not change: their
  // percentages still count from each other.
  ProcessSnapshots Peek(const CgroupDirs& cgroup, ReadBuffer& buffer,
                        ReadErrorSink on_error) const;

 private:
  struct Percents {
    CpuPercentCalculator total;
    CpuPercentCalculator user;
    CpuPercentCalculator system;
  };

  std::vector<pid_t> List(const CgroupDirs& cgroup,
                          ReadErrorSink on_error) const;
  std::vector<ProcessReading> ReadAll(const CgroupDirs& cgroup,
                                      ReadBuffer& buffer,
                                      ReadErrorSink on_error) const;

  const ProcessReader& reader_;
  TaskRoots roots_;
  // By pid; the calculators know the start time.
  absl::flat_hash_map<pid_t, Percents> percents_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESS_SAMPLER_H_
