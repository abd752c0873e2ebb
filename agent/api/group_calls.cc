// The calls about groups of tasks.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/api/convert.h"
#include "agent/api/limit_update_convert.h"
#include "agent/api/limits_convert.h"
#include "agent/api/message_texts.h"
#include "agent/api/status_codes.h"
#include "agent/api/task_service.h"

namespace reeve {
namespace {

v1::GroupSummary Summarize(const Group& group) {
  v1::GroupSummary summary;
  summary.set_group(group.name());
  const std::shared_ptr<TaskCgroup> cgroup = group.cgroup();
  if (cgroup == nullptr) return summary;
  *summary.mutable_limits() = reeve::ToProto(cgroup->Limits());
  for (const LimitSetting& setting : cgroup->Settings()) {
    *summary.add_settings() = reeve::ToProto(setting);
  }
  for (const auto& [controller, dir] : ByController(cgroup->dirs())) {
    (*summary.mutable_cgroups())[controller] = dir.path;
  }
  return summary;
}

}  // namespace

grpc::Status TaskService::SetGroup(grpc::ServerContext* /*context*/,
                                   const v1::SetGroupRequest* request,
                                   v1::SetGroupResponse* response) {
  const absl::StatusOr<ResourceLimits> limits =
      LimitsFromProto(request->limits());
  if (!limits.ok()) return ToGrpcStatus(limits.status());
  if (limits->empty()) {
    return ToGrpcStatus(absl::InvalidArgumentError(
        "a group needs at least one limit, such as --memory 2G"));
  }
  const absl::StatusOr<MemoryDecreaseOptions> decrease =
      MemoryDecreaseFromProto(*request);
  if (!decrease.ok()) return ToGrpcStatus(decrease.status());
  const absl::StatusOr<LimitUpdate> update =
      parts_.supervisor->SetGroup(request->group(), *limits, *decrease);
  if (!update.ok()) return ToGrpcStatus(update.status());
  AddToProto(*update, response);
  return grpc::Status::OK;
}

grpc::Status TaskService::ListGroups(grpc::ServerContext* /*context*/,
                                     const v1::ListGroupsRequest* /*request*/,
                                     v1::ListGroupsResponse* response) {
  *response = ListAllGroups();
  return grpc::Status::OK;
}

grpc::Status TaskService::RemoveGroup(grpc::ServerContext* /*context*/,
                                      const v1::RemoveGroupRequest* request,
                                      v1::RemoveGroupResponse* /*response*/) {
  return ToGrpcStatus(parts_.supervisor->RemoveGroup(request->group()));
}

v1::ListGroupsResponse TaskService::ListAllGroups() const {
  std::map<std::string, std::vector<std::string>> tasks;
  for (const std::shared_ptr<Task>& task : parts_.supervisor->List()) {
    const std::shared_ptr<Group> group = task->group();
    if (group != nullptr) tasks[group->name()].push_back(task->id());
  }
  std::map<std::string, std::shared_ptr<const TaskSnapshot>> snapshots;
  const std::shared_ptr<const Snapshot> latest = parts_.store->Latest();
  if (latest != nullptr) {
    for (const auto& group : latest->groups) {
      if (!group->is_final) snapshots[group->target->group] = group;
    }
  }

  v1::ListGroupsResponse response;
  for (const std::shared_ptr<Group>& group : parts_.supervisor->ListGroups()) {
    v1::GroupSummary& summary = *response.add_groups();
    summary = Summarize(*group);
    for (const std::string& id : tasks[group->name()]) summary.add_tasks(id);
    const auto found = snapshots.find(group->name());
    if (found != snapshots.end()) {
      *summary.mutable_usage() = UsageToProto(*found->second);
    }
  }
  MakeTextsUtf8(&response);
  return response;
}

}  // namespace reeve
