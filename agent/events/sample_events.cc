#include "agent/events/sample_events.h"

#include <memory>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_format.h"
#include "agent/events/task_event.h"

namespace reeve {

void SampleEvents::OnRound(absl::Duration duration, absl::Duration late,
                           uint64_t tasks, uint64_t missed) {
  next_.OnRound(duration, late, tasks, missed);
  const std::shared_ptr<const Snapshot> latest = store_.Latest();
  if (latest != nullptr) OnSnapshot(*latest);
}

void SampleEvents::OnError(absl::string_view collector,
                           const absl::Status& status) {
  next_.OnError(collector, status);
}

void SampleEvents::OnSnapshot(const Snapshot& snapshot) {
  for (const std::shared_ptr<const TaskSnapshot>& task : snapshot.tasks) {
    // Whoever ended it has told all.
    if (task->is_final) continue;
    Seen& seen = Recall(*task, snapshot.generation);
    if (!seen.has_started) seen.has_started = has_started_(task->target->id);
    if (!seen.has_started) continue;
    if (task->cgroup.oom_kills.value_or(0) > 0) {
      note_oom_kills_(task->target->id, *task->cgroup.oom_kills);
    }
    LookForThrottling(*task, seen);
  }
  absl::erase_if(seen_, [&snapshot](const auto& entry) {
    return entry.second.generation != snapshot.generation;
  });
}

SampleEvents::Seen& SampleEvents::Recall(const TaskSnapshot& task,
                                         uint64_t generation) {
  Seen& seen = seen_[task.target->id];
  if (seen.inode != task.cgroup.inode) {
    seen = Seen();
    seen.inode = task.cgroup.inode;
  }
  seen.generation = generation;
  return seen;
}

void SampleEvents::LookForThrottling(const TaskSnapshot& task, Seen& seen) {
  if (!task.cgroup.cpu_periods.has_value()) return;
  const std::optional<ThrottleDetector::Change> change = seen.detector.Observe(
      {*task.cgroup.cpu_periods, task.cgroup.cpu_throttled_periods.value_or(0),
       task.cgroup.taken_at});
  if (!change.has_value()) return;
  observer_.OnEvent(
      {change->is_throttled ? EventType::kThrottled : EventType::kUnthrottled,
       task.target->id,
       task.target->group,
       {{"ratio", absl::StrFormat("%.2f", change->ratio)}}});
}

}  // namespace reeve
