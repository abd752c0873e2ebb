// Tasks as members of their groups.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/tasks/task_supervisor.h"
#include "enforcement/cgroup/group_cgroup.h"
#include "enforcement/cgroup/nested_quota.h"
#include "enforcement/spec/group_limits.h"

namespace reeve {
namespace {

bool IsV1(const CgroupMounts& mounts, absl::string_view controller) {
  const CgroupHierarchy* hierarchy = mounts.Find(controller);
  return hierarchy != nullptr && hierarchy->version == CgroupVersion::kV1;
}

}  // namespace

absl::Status TaskSupervisor::JoinGroup(Task& task) {
  if (task.spec().group.empty()) return absl::OkStatus();
  absl::StatusOr<std::shared_ptr<Group>> group =
      groups_.Join(task.spec().group);
  if (!group.ok()) return group.status();
  task.SetGroup(*std::move(group));
  return absl::OkStatus();
}

void TaskSupervisor::LeaveGroup(Task& task) {
  const std::shared_ptr<Group> group = task.TakeGroup();
  if (group != nullptr) groups_.Leave(group);
}

std::string TaskSupervisor::CgroupParentOf(const Task& task) const {
  const std::shared_ptr<Group> group = task.group();
  return group == nullptr ? options_.cgroup_parent : group->path();
}

absl::Status TaskSupervisor::CheckQuotaInGroup(
    const Task& task, const ResourceLimits& limits) const {
  const std::shared_ptr<Group> group = task.group();
  if (group == nullptr || !limits.cpu_quota || !limits.cpu_quota->cores ||
      !IsV1(*parts_.mounts, "cpu")) {
    return absl::OkStatus();
  }
  const std::shared_ptr<TaskCgroup> cgroup = group->cgroup();
  if (cgroup == nullptr) return absl::OkStatus();
  const std::optional<CpuQuota> outer = QuotaInForce(cgroup->Limits());
  const CpuQuota inner = WithPeriod(*limits.cpu_quota, task.Limits());
  if (!outer.has_value() || !IsAboveQuota(inner, *outer)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "CPU limit of ", *inner.cores, " cores: group ", group->name(), " has ",
      *outer->cores, ", and cgroup v1 lets no task have more than its group"));
}

LimitValues TaskSupervisor::LimitsOfGroup(const std::string& name) const {
  const absl::StatusOr<std::shared_ptr<Group>> group = groups_.Find(name);
  if (!group.ok()) return {};
  const std::shared_ptr<TaskCgroup> cgroup = (*group)->cgroup();
  return cgroup == nullptr ? LimitValues() : cgroup->Limits();
}

absl::Status TaskSupervisor::CheckQuotaOfGroup(
    const std::string& name, const ResourceLimits& limits) const {
  if (!limits.cpu_quota || !limits.cpu_quota->cores ||
      !IsV1(*parts_.mounts, "cpu")) {
    return absl::OkStatus();
  }
  const CpuQuota outer = WithPeriod(*limits.cpu_quota, LimitsOfGroup(name));
  for (const std::shared_ptr<Task>& task : registry_.List()) {
    const std::shared_ptr<Group> group = task->group();
    if (group == nullptr || group->name() != name) continue;
    const std::optional<CpuQuota> inner = QuotaInForce(task->Limits());
    if (!inner.has_value() || !IsAboveQuota(*inner, outer)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "CPU limit of ", *outer.cores, " cores: task ", task->id(),
        " of the group has ", *inner->cores,
        ", and cgroup v1 lets no task have more than its group: \"reeve update "
        "--cpus\" it first"));
  }
  return absl::OkStatus();
}

absl::StatusOr<LimitUpdate> TaskSupervisor::SetGroup(
    const std::string& name, const ResourceLimits& limits,
    const MemoryDecreaseOptions& decrease) {
  const absl::Duration began = parts_.clock->MonotonicNow();
  absl::Status status = ValidateGroupName(name);
  status.Update(ValidateGroupLimits(limits));
  status.Update(CheckGroupControllers(limits, *parts_.mounts));
  status.Update(CheckQuotaOfGroup(name, limits));
  if (!status.ok()) return status;
  const auto set = [&] { return groups_.Set(name, limits, decrease); };
  absl::StatusOr<LimitUpdate> update =
      limits.cpuset_cpus.has_value()
          ? reservations_.UpdateGroup(name, *limits.cpuset_cpus, set)
          : set();
  parts_.observer->OnUpdate(limits, update.status(),
                            parts_.clock->MonotonicNow() - began);
  if (update.ok()) {
    LogKills(absl::StrCat("group ", name), *update);
  } else {
    parts_.observer->OnEvent(
        {EventType::kUpdateFailed,
         "",
         name,
         {{"error", std::string(update.status().message())}}});
  }
  return update;
}

absl::Status TaskSupervisor::RemoveGroup(const std::string& name) {
  absl::Status status = ValidateGroupName(name);
  if (!status.ok()) return status;
  std::vector<std::string> members;
  for (const std::shared_ptr<Task>& task : registry_.List()) {
    const std::shared_ptr<Group> group = task->group();
    if (group != nullptr && group->name() == name &&
        task->Status().state != TaskState::kExited) {
      members.push_back(task->id());
    }
  }
  if (members.empty()) return groups_.Remove(name);
  return absl::FailedPreconditionError(absl::StrCat(
      "group ", name,
      " has tasks: \"reeve stop\" them first: ", absl::StrJoin(members, ", ")));
}

}  // namespace reeve
