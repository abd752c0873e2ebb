#ifndef REEVE_COLLECTORS_PROCESSES_USAGE_READER_H_
#define REEVE_COLLECTORS_PROCESSES_USAGE_READER_H_

#include <cstdint>
#include <optional>

#include "base/kept_file.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/processes/process_usage.h"
#include "collectors/procfs/pid_stat.h"

namespace reeve {

// What /proc/PID/stat tells of what a process uses.
ProcessUsage UsageOf(const PidStat& stat);

// Adds what is in other files, of those that are wanted. Thread-compatible.
class UsageReader {
 public:
  struct Wanted {
    // /proc/PID/io, fd and limits, status.
    bool io = false;
    bool fds = false;
    bool status = false;
  };

  explicit UsageReader(Wanted wanted) : wanted_(wanted) {}

  // What cannot be read stays absent and is told to `on_error`; nothing is told
  // of a process that ends meanwhile.
  void AddTo(ProcessUsage& usage, int procfs_fd, pid_t pid,
             ReadErrorSink on_error);

 private:
  void AddIo(ProcessUsage& usage, int procfs_fd, pid_t pid,
             ReadErrorSink on_error);
  void AddFds(ProcessUsage& usage, int procfs_fd, pid_t pid,
              ReadErrorSink on_error);
  void AddStatus(ProcessUsage& usage, int procfs_fd, pid_t pid,
                 ReadErrorSink on_error);

  const Wanted wanted_;
  ReadBuffer buffer_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_USAGE_READER_H_
