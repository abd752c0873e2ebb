#ifndef REEVE_AGENT_POLICY_SUPERVISED_TASKS_H_
#define REEVE_AGENT_POLICY_SUPERVISED_TASKS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "agent/policy/policy_tasks.h"
#include "agent/tasks/task_supervisor.h"

namespace reeve {

// The tasks of a supervisor, changed as by "reeve update" and "reeve stop".
// Thread-safe.
class SupervisedTasks final : public PolicyTasks {
 public:
  // `supervisor` must outlive it.
  explicit SupervisedTasks(TaskSupervisor& supervisor)
      : supervisor_(supervisor) {}

  PolicyView Look(const Snapshot& snapshot, absl::Duration now) override;
  absl::Status SetCores(const std::string& task, double cores) override;
  absl::Status SetMemoryHigh(const std::string& task, uint64_t bytes) override;
  absl::Status Stop(const std::string& task,
                    std::optional<absl::Duration> grace) override;

 private:
  TaskSupervisor& supervisor_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_SUPERVISED_TASKS_H_
