#ifndef REEVE_ENFORCEMENT_PROCESS_TASK_PROCESSES_H_
#define REEVE_ENFORCEMENT_PROCESS_TASK_PROCESSES_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "enforcement/process/fork_watch.h"

namespace reeve {

// Who keeps a limit: a thread, or a process, whose `tid` is its `pid`. Only
// numbers, which may be another's a moment later.
struct LimitHolder {
  pid_t pid = 0;
  pid_t tid = 0;
};

// One that is known for certain to have been of the task.
struct IdentifiedHolder {
  LimitHolder holder;
  uint64_t start_time_ticks = 0;
  // Of its process.
  pid_t parent = 0;
};

// The processes of one task, and the limits that each keeps; files are those of
// process_limit_text.h. An interface, so that tests can let processes fork and
// end at any moment, and the kernel refuse.
class TaskProcesses {
 public:
  virtual ~TaskProcesses() = default;

  // Every process that is there now, or every thread of each, in rising order.
  // Some may have ended when this returns.
  virtual absl::StatusOr<std::vector<LimitHolder>> List(bool threads) const = 0;

  // kNotFound if it has ended.
  virtual absl::StatusOr<std::string> Read(const LimitHolder& holder,
                                           const std::string& file) const = 0;

  // Those of `holders` that are of the task and have not ended, in their order.
  virtual absl::StatusOr<std::vector<IdentifiedHolder>> Identify(
      const std::vector<LimitHolder>& holders) const = 0;

  // kNotFound if it has ended, whoever has its number now. Other errors name
  // the process, the kernel's answer, and what is missing.
  virtual absl::Status Write(const IdentifiedHolder& holder,
                             const std::string& file,
                             const std::string& value) = 0;

  // What each thread does.
  virtual absl::StatusOr<std::vector<ThreadActivity>> Activity() const = 0;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_TASK_PROCESSES_H_
