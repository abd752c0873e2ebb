// What of a task is changed while it runs: its limits, how far policies may go,
// and how it is stopped. All of it is kept for an agent that is started again.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/api/limits_convert.h"
#include "agent/api/policy_bounds_convert.h"
#include "agent/api/stop_method_convert.h"
#include "agent/tasks/cpu_role.h"
#include "agent/tasks/limit_changes.h"
#include "agent/tasks/memory_high.h"
#include "agent/tasks/task_supervisor.h"
#include "base/quantity.h"
#include "enforcement/spec/limit_parts.h"
#include "enforcement/spec/merge_limits.h"
#include "glog/logging.h"

namespace reeve {
namespace {

absl::Status CheckTakesLimits(const Task& task) {
  if (task.spec().isolation.executor != Executor::kNone) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("task ", task.id(), " has isolation none, without limits"));
}

}  // namespace

absl::StatusOr<LimitUpdate> TaskSupervisor::Update(
    const std::string& id, const ResourceLimits& limits,
    const MemoryDecreaseOptions& decrease) {
  const absl::Duration began = parts_.clock->MonotonicNow();
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  absl::Status status = ValidateLimits(limits);
  if (status.ok()) status = CheckTakesLimits(**task);
  if (status.ok()) status = CheckQuotaInGroup(**task, limits);
  if (!status.ok()) {
    TellUpdateFailed(**task, status);
    return status;
  }

  const auto apply = [&](const ResourceLimits& given) {
    return UpdateAndKeep(**task, limits, given, decrease);
  };
  absl::StatusOr<LimitUpdate> update =
      IsAboutCpus(limits) ? reservations_.Update(**task, limits, apply)
                          : apply(limits);
  parts_.observer->OnUpdate(limits, update.status(),
                            parts_.clock->MonotonicNow() - began);
  if (update.ok()) {
    LogKills(absl::StrCat("task ", id), *update);
  } else {
    TellUpdateFailed(**task, update.status());
  }
  return update;
}

absl::Status TaskSupervisor::SetPolicyBounds(const std::string& id,
                                             const PolicyBoundsChange& change) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  // Those who change the record take turns.
  absl::MutexLock lock(&(*task)->update_mutex());
  const PolicyBounds bounds = ChangedBounds((*task)->policy_bounds(), change);
  absl::Status status = ValidatePolicyBounds(bounds);
  if (!status.ok()) return status;
  status = ChangeKeptSpec(
      id, [&bounds](v1::TaskSpec* spec) { PolicyBoundsToProto(bounds, spec); });
  if (status.ok()) (*task)->SetPolicyBounds(bounds);
  return status;
}

absl::Status TaskSupervisor::SetStopMethod(const std::string& id,
                                           const StopMethodChange& change) {
  const absl::StatusOr<std::shared_ptr<Task>> task = Find(id);
  if (!task.ok()) return task.status();
  absl::MutexLock lock(&(*task)->update_mutex());
  const StopMethod method = ChangedStopMethod((*task)->stop_method(), change);
  absl::Status status = ValidateStopMethod(method);
  if (!status.ok()) return status;
  status = ChangeKeptSpec(
      id, [&method](v1::TaskSpec* spec) { StopMethodToProto(method, spec); });
  if (status.ok()) (*task)->SetStopMethod(method);
  return status;
}

absl::Status TaskSupervisor::ChangeKeptSpec(
    const std::string& id,
    const std::function<void(v1::TaskSpec*)>& change) const {
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  if (!dir.ok()) return dir.status();
  absl::StatusOr<state::TaskRecord> record = ReadTaskRecord(dir->get(), id);
  if (!record.ok()) return record.status();
  change(record->mutable_spec());
  return WriteTaskRecord(dir->get(), *record);
}

void TaskSupervisor::LogKills(absl::string_view what,
                              const LimitUpdate& update) {
  const std::optional<MemoryDecrease>& decrease = update.memory_decrease;
  if (!decrease.has_value() || decrease->oom_kills == 0) return;
  LOG(WARNING) << what << ": its new memory limit is below the "
               << ShortSize(decrease->usage_before_bytes)
               << " that it had in use, for which the kernel killed "
               << decrease->oom_kills << " of its processes";
}

// They are kept first, so that an agent that ends at any moment leaves a record
// of all that may be in force; what is, the kernel tells.
absl::StatusOr<LimitUpdate> TaskSupervisor::UpdateAndKeep(
    Task& task, const ResourceLimits& asked, const ResourceLimits& given,
    const MemoryDecreaseOptions& decrease) const {
  absl::MutexLock lock(&task.update_mutex());
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  // Without a process, those of each process wait for the next attempt.
  const bool has_no_process = task.Status().process.pid == 0;
  const auto has_exited = [&task] {
    return absl::FailedPreconditionError(absl::StrCat(
        "task ", task.id(), " has exited: its limits are gone with it"));
  };
  if (cgroup == nullptr) return has_exited();
  const ResourceLimits before = task.AskedLimits();
  ResourceLimits after = MergeLimits(before, asked);
  const absl::Status kept = KeepLimits(task.id(), after);
  if (!kept.ok()) return task.HasEnded() ? has_exited() : kept;
  const std::vector<LimitSetting> settings_before = cgroup->Settings();
  absl::StatusOr<LimitUpdate> changed = UpdateRecordingHigh(
      high_records_, *cgroup, has_no_process ? CgroupLimits(given) : given,
      decrease);
  if (!changed.ok()) {
    (void)KeepLimits(task.id(), before);
    return task.HasEnded() ? has_exited() : changed.status();
  }
  task.SetAskedLimits(after);
  parts_.sampler->SetLimits(task.id(), cgroup->Limits());
  // With the lock, so that updates are told in their order.
  if (!changed->written.empty()) {
    Tell(task, EventType::kLimitsUpdated,
         LimitChanges(settings_before, changed->written));
  }
  return changed;
}

void TaskSupervisor::LoseReservation(Task& task) const {
  absl::MutexLock lock(&task.update_mutex());
  ResourceLimits limits = task.AskedLimits();
  limits.reserved_cpus.reset();
  const absl::Status kept = KeepLimits(task.id(), limits);
  if (!kept.ok()) LOG(WARNING) << "task " << task.id() << ": " << kept;
  task.SetAskedLimits(limits);
}

absl::Status TaskSupervisor::KeepLimits(const std::string& id,
                                        const ResourceLimits& limits) const {
  const absl::StatusOr<UniqueFd> dir = parts_.state->OpenTask(id);
  absl::Status status =
      dir.ok() ? WriteTaskLimits(dir->get(), ToProto(limits)) : dir.status();
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrCat("limits not changed: they cannot be kept for an agent that "
                   "is started again: ",
                   status.message()));
}

}  // namespace reeve
