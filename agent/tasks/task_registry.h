#ifndef REEVE_AGENT_TASKS_TASK_REGISTRY_H_
#define REEVE_AGENT_TASKS_TASK_REGISTRY_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/tasks/task.h"

namespace reeve {

// Every task the agent knows, by id. Thread-safe.
class TaskRegistry {
 public:
  struct Counts {
    size_t starting = 0;
    size_t running = 0;
    size_t paused = 0;
    size_t restarting = 0;
    size_t exited = 0;
  };

  // Takes the task's id. kAlreadyExists, saying what has it and how to free it.
  absl::Status Add(std::shared_ptr<Task> task);

  // kNotFound if there is no such task.
  absl::StatusOr<std::shared_ptr<Task>> Find(const std::string& id) const;

  // Frees the id.
  void Erase(const std::string& id);

  // In the order of their ids.
  std::vector<std::shared_ptr<Task>> List() const;

  Counts Count() const;

  size_t size() const;

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Task>> tasks_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_REGISTRY_H_
