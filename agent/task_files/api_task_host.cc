#include "agent/task_files/api_task_host.h"

#include <utility>

#include "agent/cli/error_report.h"
#include "enforcement/exit_status.h"
#include "grpcpp/client_context.h"

namespace reeve {

class ApiTaskHost::Call {
 public:
  explicit Call(ApiTaskHost& host) : host_(host) {
    absl::MutexLock lock(&host_.mutex_);
    if (host_.is_cancelled_) context_.TryCancel();
    host_.calls_.insert(&context_);
  }
  ~Call() {
    absl::MutexLock lock(&host_.mutex_);
    host_.calls_.erase(&context_);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  grpc::ClientContext* context() { return &context_; }

 private:
  ApiTaskHost& host_;
  grpc::ClientContext context_;
};

absl::StatusOr<std::vector<KnownTask>> ApiTaskHost::List() {
  Call call(*this);
  v1::ListResponse response;
  const grpc::Status status =
      stub_.List(call.context(), v1::ListRequest(), &response);
  if (!status.ok()) return FromGrpcStatus(status);
  std::vector<KnownTask> tasks;
  tasks.reserve(static_cast<size_t>(response.tasks_size()));
  for (const v1::TaskSummary& task : response.tasks()) {
    tasks.push_back({task.id(), task.origin(), task.has_exit(),
                     task.has_exit() && task.exit().reason() == kRebooted});
  }
  return tasks;
}

absl::StatusOr<v1::TaskSpec> ApiTaskHost::CurrentSpec(const std::string& id) {
  Call call(*this);
  v1::InspectRequest request;
  v1::InspectResponse response;
  request.set_id(id);
  const grpc::Status status = stub_.Inspect(call.context(), request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  v1::TaskSpec spec = std::move(*response.mutable_spec());
  *spec.mutable_limits() = response.requested_limits();
  return spec;
}

absl::Status ApiTaskHost::CheckLaunch(const v1::TaskSpec& spec) {
  Call call(*this);
  v1::LaunchRequest request;
  v1::LaunchResponse response;
  *request.mutable_spec() = spec;
  request.set_check_only(true);
  return FromGrpcStatus(stub_.Launch(call.context(), request, &response));
}

absl::Status ApiTaskHost::Launch(const v1::TaskSpec& spec,
                                 const std::string& origin) {
  Call call(*this);
  v1::LaunchRequest request;
  v1::LaunchResponse response;
  *request.mutable_spec() = spec;
  request.set_origin(origin);
  return FromGrpcStatus(stub_.Launch(call.context(), request, &response));
}

absl::Status ApiTaskHost::Update(const v1::UpdateRequest& request) {
  Call call(*this);
  v1::UpdateResponse response;
  return FromGrpcStatus(stub_.Update(call.context(), request, &response));
}

absl::Status ApiTaskHost::Stop(const std::string& id) {
  Call call(*this);
  v1::StopRequest request;
  v1::StopResponse response;
  request.set_id(id);
  return FromGrpcStatus(stub_.Stop(call.context(), request, &response));
}

absl::Status ApiTaskHost::Remove(const std::string& id) {
  Call call(*this);
  v1::RemoveRequest request;
  v1::RemoveResponse response;
  request.set_id(id);
  return FromGrpcStatus(stub_.Remove(call.context(), request, &response));
}

void ApiTaskHost::Cancel() {
  absl::MutexLock lock(&mutex_);
  is_cancelled_ = true;
  for (grpc::ClientContext* context : calls_) context->TryCancel();
}

}  // namespace reeve
