#ifndef REEVE_ENFORCEMENT_PROCESS_THREAD_STAT_H_
#define REEVE_ENFORCEMENT_PROCESS_THREAD_STAT_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of /proc/PID/task/TID/stat.
struct ThreadStat {
  // 'R' runs or could run, 'D' is in an uninterruptible sleep; see proc(5).
  char state = '?';
  // Of its process.
  pid_t parent = 0;
  // In clock ticks since boot.
  uint64_t start_time_ticks = 0;
};

// kDataLoss if the line is not of that form.
absl::StatusOr<ThreadStat> ParseThreadStat(absl::string_view contents);

// kNotFound if the thread has ended.
absl::StatusOr<ThreadStat> ReadThreadStat(pid_t pid, pid_t tid);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_THREAD_STAT_H_
