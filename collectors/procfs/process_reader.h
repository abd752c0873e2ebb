#ifndef REEVE_COLLECTORS_PROCFS_PROCESS_READER_H_
#define REEVE_COLLECTORS_PROCFS_PROCESS_READER_H_

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/kept_file.h"
#include "base/unique_fd.h"
#include "collectors/snapshot.h"

namespace reeve {

// One process as /proc shows it, without percentages.
struct ProcessReading {
  ProcessSnapshot process;
  // Monotonic clock, next to the read of the CPU counters.
  absl::Duration taken_at;
};

// Reads /proc/PID/stat and /proc/PID/status. Thread-safe.
class ProcessReader {
 public:
  // `clock` must outlive the reader. Fails if there is no such procfs.
  static absl::StatusOr<ProcessReader> Open(const std::string& procfs,
                                            const Clock& clock);

  // kNotFound if there is no such process any more.
  absl::StatusOr<ProcessReading> Read(pid_t pid, ReadBuffer& buffer) const;

  // A handle of the procfs it reads.
  int procfs_fd() const { return procfs_.get(); }

 private:
  ProcessReader(UniqueFd procfs, absl::Time boot_time, const Clock& clock);

  UniqueFd procfs_;
  absl::Time boot_time_;
  const Clock* clock_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PROCESS_READER_H_
