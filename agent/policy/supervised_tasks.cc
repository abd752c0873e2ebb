#include "agent/policy/supervised_tasks.h"

#include <memory>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {
namespace {

using Samples =
    absl::flat_hash_map<absl::string_view, std::shared_ptr<const TaskSnapshot>>;

PolicyTask Describe(const Task& task, const TaskStatus& status) {
  PolicyTask described;
  described.id = task.id();
  described.group = task.spec().group;
  described.runs = status.state == TaskState::kRunning;
  described.is_ending = task.IsToStop();
  described.started_at = status.started_at;
  described.bounds = task.policy_bounds();
  if (task.spec().limits.cpu_quota.has_value()) {
    described.launch_cores = task.spec().limits.cpu_quota->cores;
  }
  described.limits = task.Limits();
  return described;
}

}  // namespace

PolicyView SupervisedTasks::Look(const Snapshot& snapshot, absl::Duration now) {
  PolicyView view;
  view.now = now;
  Samples samples;
  for (const auto& sample : snapshot.tasks) {
    samples.emplace(sample->target->id, sample);
  }
  for (const std::shared_ptr<Task>& task : supervisor_.List()) {
    const TaskStatus status = task->Status();
    if (status.state == TaskState::kExited) continue;
    PolicyTask described = Describe(*task, status);
    const auto sample = samples.find(task->id());
    if (sample != samples.end()) described.sample = sample->second;
    view.tasks.push_back(std::move(described));
  }
  view.groups.reserve(snapshot.groups.size());
  for (const auto& sample : snapshot.groups) {
    view.groups.push_back(
        {sample->target->group, sample->target->limits, sample});
  }
  return view;
}

absl::Status SupervisedTasks::SetCores(const std::string& task, double cores) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{cores, /*period_usec=*/std::nullopt};
  return supervisor_.Update(task, limits).status();
}

absl::Status SupervisedTasks::SetMemoryHigh(const std::string& task,
                                            uint64_t bytes) {
  ResourceLimits limits;
  limits.memory_high_bytes = Bound::Of(bytes);
  return supervisor_.Update(task, limits).status();
}

absl::Status SupervisedTasks::Stop(const std::string& task,
                                   std::optional<absl::Duration> grace) {
  return supervisor_.Stop(task, /*signal=*/"", grace).status();
}

}  // namespace reeve
