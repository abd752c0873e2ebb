#include "collectors/sampled_tasks.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace reeve {

absl::Status SampledTasks::Add(const std::string& id,
                               std::shared_ptr<TaskSampler> task) {
  const std::shared_ptr<const TaskTarget> target = task->Latest()->target;
  absl::MutexLock lock(&mutex_);
  Entry& entry = entries_[id];
  if (entry.task != nullptr) {
    if (!entry.task->IsFinal()) {
      return absl::AlreadyExistsError(
          absl::StrCat("task ", id, " is being measured already"));
    }
    Forget(entry);
  }
  entry = Entry{std::move(task), std::nullopt};
  if (target->is_group) BeginGroup(target->group);
  return absl::OkStatus();
}

void SampledTasks::Remove(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  const std::shared_ptr<const TaskTarget> target =
      found->second.task->Latest()->target;
  if (target->is_group) past_events_.erase(target->group);
  entries_.erase(found);
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

void SampledTasks::Collect(uint64_t scraped_generation, Snapshot& snapshot) {
  const absl::Duration now = snapshot.taken_at_monotonic;
  absl::MutexLock lock(&mutex_);
  ForgetSurplus();
  snapshot.tasks.reserve(entries_.size());
  for (auto it = entries_.begin(); it != entries_.end();) {
    Entry& entry = it->second;
    if (entry.final_shown.has_value() &&
        (scraped_generation >= entry.final_shown->generation ||
         now - entry.final_shown->at >= final_retention_)) {
      Forget(entry);
      it = entries_.erase(it);
      continue;
    }
    std::shared_ptr<const TaskSnapshot> latest = entry.task->Latest();
    if (latest->is_final && !entry.final_shown.has_value()) {
      entry.final_shown = Entry::Shown{snapshot.generation, now};
    }
    auto& all = latest->target->is_group ? snapshot.groups : snapshot.tasks;
    all.push_back(std::move(latest));
    ++it;
  }
  if (!snapshot.groups.empty()) AddEventsOfTasks(snapshot);
}

void SampledTasks::ForgetSurplus() {
  using Position = std::map<std::string, Entry>::iterator;
  std::vector<Position> shown;
  for (auto it = entries_.begin(); it != entries_.end(); ++it) {
    if (it->second.final_shown.has_value()) shown.push_back(it);
  }
  if (shown.size() <= max_final_) return;
  const auto surplus = static_cast<std::ptrdiff_t>(shown.size() - max_final_);
  std::nth_element(shown.begin(), shown.begin() + surplus, shown.end(),
                   [](const Position& a, const Position& b) {
                     return a->second.final_shown->generation <
                            b->second.final_shown->generation;
                   });
  for (auto it = shown.begin(); it != shown.begin() + surplus; ++it) {
    Forget((*it)->second);
    entries_.erase(*it);
  }
}

void SampledTasks::BeginGroup(const std::string& group) {
  past_events_[group] = EventCounts();
  for (auto& [id, entry] : entries_) {
    const std::shared_ptr<const TaskSnapshot> latest = entry.task->Latest();
    if (latest->is_final && latest->target->group == group) {
      entry.outlived_group = true;
    }
  }
}

void SampledTasks::Forget(const Entry& entry) {
  const std::shared_ptr<const TaskSnapshot> last = entry.task->Latest();
  const TaskTarget& target = *last->target;
  if (target.is_group) {
    past_events_.erase(target.group);
    return;
  }
  const auto past = past_events_.find(target.group);
  if (past != past_events_.end() && !entry.outlived_group) {
    past->second.Add(last->cgroup);
  }
}

void SampledTasks::AddEventsOfTasks(Snapshot& snapshot) const {
  std::map<std::string, EventCounts> events = past_events_;
  for (const auto& [id, entry] : entries_) {
    const std::shared_ptr<const TaskSnapshot> latest = entry.task->Latest();
    const TaskTarget& target = *latest->target;
    const auto found = events.find(target.group);
    if (found == events.end() || target.is_group || entry.outlived_group) {
      continue;
    }
    found->second.Add(latest->cgroup);
  }
  for (std::shared_ptr<const TaskSnapshot>& group : snapshot.groups) {
    const auto found = events.find(group->target->group);
    if (found == events.end()) continue;
    auto with_events = std::make_shared<TaskSnapshot>(*group);
    found->second.ApplyTo(with_events->cgroup);
    group = std::move(with_events);
  }
}

}  // namespace reeve
