#ifndef REEVE_AGENT_POLICY_POLICY_TASKS_H_
#define REEVE_AGENT_POLICY_POLICY_TASKS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "agent/policy/policy_view.h"
#include "collectors/snapshot.h"

namespace reeve {

// What policies see of tasks, and do to them. Implementations are thread-safe.
class PolicyTasks {
 public:
  virtual ~PolicyTasks() = default;

  // The tasks and groups as they are `now`, on the monotonic clock, with what
  // `snapshot` has of them.
  virtual PolicyView Look(const Snapshot& snapshot, absl::Duration now) = 0;

  // Changes the CPU limit, and keeps its period.
  virtual absl::Status SetCores(const std::string& task, double cores) = 0;
  virtual absl::Status SetMemoryHigh(const std::string& task,
                                     uint64_t bytes) = 0;
  // Ends the task, and returns when it has: up to `grace`, its own if absent,
  // and longer where it cannot be killed at once.
  virtual absl::Status Stop(const std::string& task,
                            std::optional<absl::Duration> grace) = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_TASKS_H_
