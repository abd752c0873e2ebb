#include "tests/agent/cli/fake_agent.h"

#include <fcntl.h>

#include <chrono>
#include <utility>

#include "grpcpp/server_builder.h"
#include "grpcpp/server_posix.h"
#include "gtest/gtest.h"

namespace reeve {

std::vector<v1::SignalRequest> FakeTaskService::signal_requests() {
  absl::MutexLock lock(&mutex_);
  return signals_;
}

std::vector<v1::ResizeTtyRequest> FakeTaskService::resize_requests() {
  absl::MutexLock lock(&mutex_);
  return sizes_;
}

grpc::Status FakeTaskService::Launch(grpc::ServerContext* /*context*/,
                                     const v1::LaunchRequest* request,
                                     v1::LaunchResponse* response) {
  launch_request = *request;
  if (on_launch) {
    grpc::Status launched = on_launch(*request);
    if (!launched.ok()) return launched;
  }
  *response = launch_response;
  return status;
}

grpc::Status FakeTaskService::Wait(grpc::ServerContext* /*context*/,
                                   const v1::WaitRequest* /*request*/,
                                   v1::WaitResponse* response) {
  absl::MutexLock lock(&mutex_);
  const auto signalled = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return signals_.size() >= signals_before_exit;
  };
  mutex_.Await(absl::Condition(&signalled));
  *response = wait_response;
  return status;
}

grpc::Status FakeTaskService::Stop(grpc::ServerContext* /*context*/,
                                   const v1::StopRequest* request,
                                   v1::StopResponse* response) {
  stop_request = *request;
  *response = stop_response;
  return status;
}

grpc::Status FakeTaskService::Signal(grpc::ServerContext* /*context*/,
                                     const v1::SignalRequest* request,
                                     v1::SignalResponse* /*response*/) {
  absl::MutexLock lock(&mutex_);
  signals_.push_back(*request);
  return status;
}

grpc::Status FakeTaskService::Update(grpc::ServerContext* /*context*/,
                                     const v1::UpdateRequest* request,
                                     v1::UpdateResponse* response) {
  update_request = *request;
  *response = update_response;
  return status;
}

grpc::Status FakeTaskService::Pause(grpc::ServerContext* /*context*/,
                                    const v1::PauseRequest* request,
                                    v1::PauseResponse* /*response*/) {
  pause_request = *request;
  return status;
}

grpc::Status FakeTaskService::Resume(grpc::ServerContext* /*context*/,
                                     const v1::ResumeRequest* request,
                                     v1::ResumeResponse* /*response*/) {
  resume_request = *request;
  return status;
}

grpc::Status FakeTaskService::Exec(grpc::ServerContext* context,
                                   const v1::ExecRequest* request,
                                   v1::ExecResponse* response) {
  exec_request = *request;
  if (on_exec) {
    grpc::Status called = on_exec(*context, *request);
    if (!called.ok()) return called;
  }
  *response = exec_response;
  return status;
}

grpc::Status FakeTaskService::ResizeTty(grpc::ServerContext* /*context*/,
                                        const v1::ResizeTtyRequest* request,
                                        v1::ResizeTtyResponse* /*response*/) {
  absl::MutexLock lock(&mutex_);
  sizes_.push_back(*request);
  return status;
}

grpc::Status FakeTaskService::List(grpc::ServerContext* /*context*/,
                                   const v1::ListRequest* /*request*/,
                                   v1::ListResponse* response) {
  *response = list_response;
  return status;
}

grpc::Status FakeTaskService::Inspect(grpc::ServerContext* /*context*/,
                                      const v1::InspectRequest* request,
                                      v1::InspectResponse* response) {
  inspect_request = *request;
  *response = inspect_response;
  return status;
}

grpc::Status FakeTaskService::Stats(
    grpc::ServerContext* /*context*/, const v1::StatsRequest* request,
    grpc::ServerWriter<v1::StatsResponse>* writer) {
  stats_request = *request;
  for (const v1::StatsResponse& response : stats_responses) {
    writer->Write(response);
  }
  return status;
}

grpc::Status FakeTaskService::Events(grpc::ServerContext* /*context*/,
                                     const v1::EventsRequest* request,
                                     grpc::ServerWriter<v1::Event>* writer) {
  events_request = *request;
  for (const v1::Event& event : events) writer->Write(event);
  return status;
}

grpc::Status FakeTaskService::Remove(grpc::ServerContext* /*context*/,
                                     const v1::RemoveRequest* request,
                                     v1::RemoveResponse* /*response*/) {
  remove_request = *request;
  return status;
}

grpc::Status FakeTaskService::SetGroup(grpc::ServerContext* /*context*/,
                                       const v1::SetGroupRequest* request,
                                       v1::SetGroupResponse* response) {
  set_group_request = *request;
  *response = set_group_response;
  return status;
}

grpc::Status FakeTaskService::ListGroups(
    grpc::ServerContext* /*context*/, const v1::ListGroupsRequest* /*request*/,
    v1::ListGroupsResponse* response) {
  *response = list_groups_response;
  return status;
}

grpc::Status FakeTaskService::RemoveGroup(
    grpc::ServerContext* /*context*/, const v1::RemoveGroupRequest* request,
    v1::RemoveGroupResponse* /*response*/) {
  remove_group_request = *request;
  return status;
}

FakeAgent::FakeAgent() {
  grpc::ServerBuilder builder;
  builder.RegisterService(&service_);
  server_ = builder.BuildAndStart();
  listener_ = std::make_unique<ControlListener>(stash_, [this](UniqueFd fd) {
    fcntl(fd.get(), F_SETFL, O_NONBLOCK);
    grpc::AddInsecureChannelFromFd(server_.get(), fd.Release());
  });
  const absl::Status started = listener_->Start(socket());
  EXPECT_TRUE(started.ok()) << started;
}

FakeAgent::~FakeAgent() { Die(); }

std::shared_ptr<grpc::Channel> FakeAgent::InProcessChannel() {
  return server_->InProcessChannel(grpc::ChannelArguments());
}

void FakeAgent::Die() {
  listener_->Stop();
  server_->Shutdown(std::chrono::system_clock::now());
}

}  // namespace reeve
