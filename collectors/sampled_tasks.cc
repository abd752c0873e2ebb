#include "collectors/sampled_tasks.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace reeve {

absl::Status SampledTasks::Add(const std::string& id,
                               std::shared_ptr<TaskSampler> task) {
  absl::MutexLock lock(&mutex_);
  Entry& entry = entries_[id];
  if (entry.task != nullptr && !entry.task->IsFinal()) {
    return absl::AlreadyExistsError(
        absl::StrCat("task ", id, " is being measured already"));
  }
  entry = Entry{std::move(task), std::nullopt};
  return absl::OkStatus();
}

void SampledTasks::Remove(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  entries_.erase(id);
}

std::shared_ptr<TaskSampler> SampledTasks::Find(const std::string& id) const {
  absl::MutexLock lock(&mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.task;
}

void SampledTasks::ListRunning(
    std::vector<std::shared_ptr<TaskSampler>>& tasks) const {
  tasks.clear();
  absl::MutexLock lock(&mutex_);
  for (const auto& [id, entry] : entries_) {
    if (!entry.task->IsFinal()) tasks.push_back(entry.task);
  }
}

std::vector<std::shared_ptr<const TaskSnapshot>> SampledTasks::Collect(
    uint64_t generation, absl::Duration now, uint64_t scraped_generation) {
  std::vector<std::shared_ptr<const TaskSnapshot>> snapshots;
  absl::MutexLock lock(&mutex_);
  snapshots.reserve(entries_.size());
  for (auto it = entries_.begin(); it != entries_.end();) {
    Entry& entry = it->second;
    if (entry.final_shown.has_value() &&
        (scraped_generation >= entry.final_shown->generation ||
         now - entry.final_shown->at >= final_retention_)) {
      it = entries_.erase(it);
      continue;
    }
    snapshots.push_back(entry.task->Latest());
    if (snapshots.back()->is_final && !entry.final_shown.has_value()) {
      entry.final_shown = Entry::Shown{generation, now};
    }
    ++it;
  }
  return snapshots;
}

}  // namespace reeve
