#include "agent/tasks/task_registry.h"

#include "absl/strings/str_cat.h"

namespace reeve {

absl::Status TaskRegistry::Add(std::shared_ptr<Task> task) {
  const std::string& id = task->id();
  absl::MutexLock lock(&mutex_);
  const auto [existing, added] = tasks_.try_emplace(id, task);
  if (added) return absl::OkStatus();
  const bool exited = existing->second->Status().state == TaskState::kExited;
  return absl::AlreadyExistsError(
      absl::StrCat("task ", id,
                   exited ? " has exited but is kept: \"reeve rm "
                          : " is there already: \"reeve stop ",
                   id, "\", or choose another --id"));
}

absl::StatusOr<std::shared_ptr<Task>> TaskRegistry::Find(
    const std::string& id) const {
  absl::MutexLock lock(&mutex_);
  const auto it = tasks_.find(id);
  if (it == tasks_.end()) {
    return absl::NotFoundError(
        absl::StrCat("no task ", id, ": \"reeve ps\" lists them"));
  }
  return it->second;
}

void TaskRegistry::Erase(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  tasks_.erase(id);
}

std::vector<std::shared_ptr<Task>> TaskRegistry::List() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::shared_ptr<Task>> tasks;
  tasks.reserve(tasks_.size());
  for (const auto& [id, task] : tasks_) tasks.push_back(task);
  return tasks;
}

TaskRegistry::Counts TaskRegistry::Count() const {
  Counts counts;
  for (const std::shared_ptr<Task>& task : List()) {
    switch (task->Status().state) {
      case TaskState::kStarting:
        ++counts.starting;
        break;
      case TaskState::kRunning:
        ++counts.running;
        break;
      case TaskState::kPaused:
        ++counts.paused;
        break;
      case TaskState::kRestarting:
        ++counts.restarting;
        break;
      case TaskState::kExited:
        ++counts.exited;
        break;
    }
  }
  return counts;
}

size_t TaskRegistry::size() const {
  absl::MutexLock lock(&mutex_);
  return tasks_.size();
}

}  // namespace reeve
