#ifndef REEVE_COLLECTORS_PROCESS_DETAILS_H_
#define REEVE_COLLECTORS_PROCESS_DETAILS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "base/kept_file.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/collector_set.h"
#include "collectors/extra_sample.h"
#include "collectors/procfs/run_queue_reader.h"
#include "collectors/snapshot.h"

namespace reeve {

// What the optional collectors tell of the processes of one task, from the last
// look at them. Thread-compatible.
class ProcessDetails {
 public:
  // `procfs_fd`, a handle of procfs, must outlive this.
  ProcessDetails(const CollectorSet& collectors, int procfs_fd);

  // Looks at the processes there are now.
  void Look(const std::vector<ProcessSnapshot>& processes, ReadBuffer& buffer,
            ReadErrorSink on_error);

  // Sets the values of the collectors that are on; absent before the first
  // look.
  void Fill(ExtraSample& sample) const;

 private:
  void CountOpenDescriptors(const std::vector<ProcessSnapshot>& processes,
                            ReadErrorSink on_error);

  const int procfs_fd_;
  const bool has_descriptors_;
  const bool has_states_;
  // Absent if its collector is off.
  std::optional<RunQueueReader> run_queue_;
  std::optional<uint64_t> open_descriptors_;
  std::optional<ProcessStateCounts> states_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESS_DETAILS_H_
