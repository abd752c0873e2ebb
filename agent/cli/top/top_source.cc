#include "agent/cli/top/top_source.h"

#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "agent/api/task_service.pb.h"
#include "agent/cli/error_report.h"
#include "grpcpp/client_context.h"

namespace reeve {
namespace {

constexpr std::chrono::seconds kTimeout(5);

// One call, with an answer of `Response`.
template <typename Request, typename Response>
absl::StatusOr<Response> Call(v1::TaskService::Stub& stub,
                              grpc::Status (v1::TaskService::Stub::*call)(
                                  grpc::ClientContext* context,
                                  const Request& request, Response* response),
                              const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  Response response;
  const grpc::Status status = (stub.*call)(&context, request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  return response;
}

// Groups and tasks have names of their own.
std::string MeterId(const std::string& group) {
  return absl::StrCat("@", group);
}

TopProcess ProcessOf(int32_t pid, const v1::ProcessUsage& usage) {
  TopProcess process;
  process.pid = pid;
  process.comm = usage.comm();
  if (usage.has_cpu_percent()) process.cpu_percent = usage.cpu_percent();
  process.cpu_time = absl::Nanoseconds(
      static_cast<int64_t>(usage.cpu_user_nsec() + usage.cpu_system_nsec()));
  process.rss_bytes = usage.rss_bytes();
  process.threads = usage.threads();
  return process;
}

}  // namespace

TopSource::TopSource(AgentAddress agent, const std::string& procfs)
    : agent_(std::move(agent)), procfs_(procfs), host_(ReadHostLoad(procfs)) {}

absl::StatusOr<TopSample> TopSource::Take(const Request& request) {
  if (!client_.has_value()) {
    absl::StatusOr<AgentClient> client = AgentClient::Connect(agent_);
    if (!client.ok()) return client.status();
    client_.emplace(*std::move(client));
  }
  absl::StatusOr<TopSample> sample = Ask(request);
  if (!sample.ok()) client_.reset();
  return sample;
}

absl::StatusOr<TopSample> TopSource::Ask(const Request& request) {
  TopSample sample;
  sample.taken_at = request.now;
  const HostLoad host = ReadHostLoad(procfs_);
  sample.host = UsageBetween(host_, host);
  host_ = host;

  meter_.BeginRound();
  absl::Status status = AddTasks(request, &sample);
  if (status.ok() && request.groups) status = AddGroups(&sample);
  if (status.ok() && !request.processes_of.empty()) {
    status = AddProcesses(request.processes_of, &sample);
  }
  if (!status.ok()) return status;
  meter_.EndRound();
  return sample;
}

absl::Status TopSource::AddTasks(const Request& request, TopSample* sample) {
  const auto list =
      Call(client_->stub(), &v1::TaskService::Stub::List, v1::ListRequest());
  if (!list.ok()) return list.status();
  sample->tasks.reserve(static_cast<size_t>(list->tasks_size()));
  for (const v1::TaskSummary& task : list->tasks()) {
    TopEntry entry = TaskEntry(task, request.now);
    if (!entry.has_exited()) {
      entry.throttled_percent = meter_.PercentOf(task.id(), task.usage());
    }
    sample->tasks.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

absl::Status TopSource::AddGroups(TopSample* sample) {
  const auto list = Call(client_->stub(), &v1::TaskService::Stub::ListGroups,
                         v1::ListGroupsRequest());
  if (!list.ok()) return list.status();
  for (const v1::GroupSummary& group : list->groups()) {
    TopEntry entry = GroupEntry(group);
    entry.throttled_percent =
        meter_.PercentOf(MeterId(group.group()), group.usage());
    sample->groups.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

absl::Status TopSource::AddProcesses(const std::string& id, TopSample* sample) {
  v1::InspectRequest request;
  request.set_id(id);
  const auto task =
      Call(client_->stub(), &v1::TaskService::Stub::Inspect, request);
  // It may have been removed since the list.
  if (absl::IsNotFound(task.status())) return absl::OkStatus();
  if (!task.ok()) return task.status();
  for (const auto& [pid, usage] : task->pids()) {
    sample->processes.push_back(ProcessOf(pid, usage));
  }
  return absl::OkStatus();
}

}  // namespace reeve
