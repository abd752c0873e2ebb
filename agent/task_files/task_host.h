#ifndef REEVE_AGENT_TASK_FILES_TASK_HOST_H_
#define REEVE_AGENT_TASK_FILES_TASK_HOST_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// What is known of a task at one instant.
struct KnownTask {
  std::string id;
  // "tasks-dir:FILE", "apply:FILE" or empty.
  std::string origin;
  bool has_exited = false;
  // It ran before the machine was rebooted.
  bool is_of_earlier_boot = false;
};

// The tasks of an agent, to whoever applies specs to them. Implementations are
// thread-safe. Errors are those of the control API.
class TaskHost {
 public:
  virtual ~TaskHost() = default;

  virtual absl::StatusOr<std::vector<KnownTask>> List() = 0;
  // As NormalSpec() has it, with the limits that were asked for last. kNotFound
  // if there is no such task.
  virtual absl::StatusOr<v1::TaskSpec> CurrentSpec(const std::string& id) = 0;
  // Whether a launch would be refused, as far as it can be told beforehand.
  virtual absl::Status CheckLaunch(const v1::TaskSpec& spec) = 0;
  virtual absl::Status Launch(const v1::TaskSpec& spec,
                              const std::string& origin) = 0;
  virtual absl::Status Update(const v1::UpdateRequest& request) = 0;
  // Asks the task to end, and returns when it has.
  virtual absl::Status Stop(const std::string& id) = 0;
  // Forgets a task that has exited.
  virtual absl::Status Remove(const std::string& id) = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_TASK_HOST_H_
