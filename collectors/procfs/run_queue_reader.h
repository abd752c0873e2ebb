#ifndef REEVE_COLLECTORS_PROCFS_RUN_QUEUE_READER_H_
#define REEVE_COLLECTORS_PROCFS_RUN_QUEUE_READER_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/kept_file.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/snapshot.h"

namespace reeve {

// How long the threads of a task waited for a CPU, added up over its looks: it
// never decreases. What a thread waited between the last look at it and its end
// is not in it. Thread-compatible.
class RunQueueReader {
 public:
  // `procfs_fd`, a handle of procfs, must outlive the reader.
  explicit RunQueueReader(int procfs_fd) : procfs_fd_(procfs_fd) {}

  // Adds what the threads of these processes waited since the last look, or
  // since they began. A thread that has ended is no error.
  void Look(const std::vector<ProcessSnapshot>& processes, ReadBuffer& buffer,
            ReadErrorSink on_error);

  // Absent until a thread was read: some kernels count none.
  const std::optional<uint64_t>& wait_ns() const { return wait_ns_; }

 private:
  // The start of the process tells its threads from those of another that had
  // their numbers.
  using Thread = std::pair<uint64_t, pid_t>;
  using Waits = absl::flat_hash_map<Thread, uint64_t>;

  void LookAtThread(const ProcessSnapshot& process, pid_t thread, Waits& waits,
                    ReadBuffer& buffer, ReadErrorSink on_error);

  int procfs_fd_;
  // At the last look.
  Waits waits_;
  std::optional<uint64_t> wait_ns_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_RUN_QUEUE_READER_H_
