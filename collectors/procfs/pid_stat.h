#ifndef REEVE_COLLECTORS_PROCFS_PID_STAT_H_
#define REEVE_COLLECTORS_PROCFS_PID_STAT_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of /proc/PID/stat. Names are those of proc(5); times are in
// clock ticks. The time spent waiting for block I/O (field 42) is not CPU time
// and not read.
struct PidStat {
  pid_t pid = 0;
  // May hold anything, spaces and parentheses too.
  std::string comm;
  // The parent; 0 for init and for one outside our pid namespace.
  pid_t ppid = 0;
  uint64_t utime = 0;
  uint64_t stime = 0;
  // Since boot.
  uint64_t starttime = 0;
  // 'R', 'S', 'D', 'Z' …
  char state = 0;
  // PF_* of the kernel.
  uint64_t flags = 0;
  // Page faults without and with I/O.
  uint64_t minflt = 0;
  uint64_t majflt = 0;
  uint64_t num_threads = 0;
  // Address space, in bytes.
  std::optional<uint64_t> vsize;
  // Resident memory, in pages. Some 64 pages a CPU may not have been added up
  // yet.
  std::optional<uint64_t> rss;
};

// kDataLoss if the line is not of that form. A line may end before vsize.
absl::StatusOr<PidStat> ParsePidStat(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PID_STAT_H_
