#ifndef REEVE_TESTS_AGENT_CLI_FAKE_AGENT_H_
#define REEVE_TESTS_AGENT_CLI_FAKE_AGENT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/config.h"
#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/api/task_service.grpc.pb.h"
#include "agent/control/control_listener.h"
#include "agent/control/stdio_stash.h"
#include "grpcpp/server.h"
#include "tests/testing/fake_tree.h"

namespace reeve {

// Answers each call as the test has set it up, and remembers what it was asked.
// Set it up before the calls; look at the requests after them.
class FakeTaskService final : public v1::TaskService::Service {
 public:
  // The answer to every call, unless OK.
  grpc::Status status;

  std::function<grpc::Status(const v1::LaunchRequest&)> on_launch;
  v1::LaunchRequest launch_request;
  v1::LaunchResponse launch_response;
  // Wait() returns once as many signals have come.
  size_t signals_before_exit = 0;
  v1::WaitResponse wait_response;
  v1::StopRequest stop_request;
  v1::StopResponse stop_response;
  v1::UpdateRequest update_request;
  v1::UpdateResponse update_response;
  v1::PauseRequest pause_request;
  v1::ResumeRequest resume_request;
  // Called before the answer, which it may be.
  std::function<grpc::Status(grpc::ServerContext&, const v1::ExecRequest&)>
      on_exec;
  v1::ExecRequest exec_request;
  v1::ExecResponse exec_response;
  v1::ListResponse list_response;
  v1::InspectRequest inspect_request;
  v1::InspectResponse inspect_response;
  v1::StatsRequest stats_request;
  std::vector<v1::StatsResponse> stats_responses;
  v1::EventsRequest events_request;
  std::vector<v1::Event> events;
  v1::RemoveRequest remove_request;
  v1::SetGroupRequest set_group_request;
  v1::SetGroupResponse set_group_response;
  v1::ListGroupsResponse list_groups_response;
  v1::RemoveGroupRequest remove_group_request;

  std::vector<v1::SignalRequest> signal_requests();
  std::vector<v1::ResizeTtyRequest> resize_requests();

  grpc::Status Launch(grpc::ServerContext* context,
                      const v1::LaunchRequest* request,
                      v1::LaunchResponse* response) override;
  grpc::Status Wait(grpc::ServerContext* context,
                    const v1::WaitRequest* request,
                    v1::WaitResponse* response) override;
  grpc::Status Stop(grpc::ServerContext* context,
                    const v1::StopRequest* request,
                    v1::StopResponse* response) override;
  grpc::Status Signal(grpc::ServerContext* context,
                      const v1::SignalRequest* request,
                      v1::SignalResponse* response) override;
  grpc::Status Update(grpc::ServerContext* context,
                      const v1::UpdateRequest* request,
                      v1::UpdateResponse* response) override;
  grpc::Status Pause(grpc::ServerContext* context,
                     const v1::PauseRequest* request,
                     v1::PauseResponse* response) override;
  grpc::Status Resume(grpc::ServerContext* context,
                      const v1::ResumeRequest* request,
                      v1::ResumeResponse* response) override;
  grpc::Status Exec(grpc::ServerContext* context,
                    const v1::ExecRequest* request,
                    v1::ExecResponse* response) override;
  grpc::Status ResizeTty(grpc::ServerContext* context,
                         const v1::ResizeTtyRequest* request,
                         v1::ResizeTtyResponse* response) override;
  grpc::Status List(grpc::ServerContext* context,
                    const v1::ListRequest* request,
                    v1::ListResponse* response) override;
  grpc::Status Inspect(grpc::ServerContext* context,
                       const v1::InspectRequest* request,
                       v1::InspectResponse* response) override;
  grpc::Status Stats(grpc::ServerContext* context,
                     const v1::StatsRequest* request,
                     grpc::ServerWriter<v1::StatsResponse>* writer) override;
  grpc::Status Events(grpc::ServerContext* context,
                      const v1::EventsRequest* request,
                      grpc::ServerWriter<v1::Event>* writer) override;
  grpc::Status Remove(grpc::ServerContext* context,
                      const v1::RemoveRequest* request,
                      v1::RemoveResponse* response) override;
  grpc::Status SetGroup(grpc::ServerContext* context,
                        const v1::SetGroupRequest* request,
                        v1::SetGroupResponse* response) override;
  grpc::Status ListGroups(grpc::ServerContext* context,
                          const v1::ListGroupsRequest* request,
                          v1::ListGroupsResponse* response) override;
  grpc::Status RemoveGroup(grpc::ServerContext* context,
                           const v1::RemoveGroupRequest* request,
                           v1::RemoveGroupResponse* response) override;

 private:
  absl::Mutex mutex_;
  std::vector<v1::SignalRequest> signals_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::ResizeTtyRequest> sizes_ ABSL_GUARDED_BY(mutex_);
};

// Why calls cannot be tested in this build; null if they can be.
#ifdef ABSL_HAVE_THREAD_SANITIZER
constexpr const char* kWhyNoCalls =
    "the thread sanitizer does not see how Debian's gRPC, which is built "
    "without it, hands messages from thread to thread";
#else
constexpr const char* kWhyNoCalls = nullptr;
#endif

// A FakeTaskService behind a real control socket in a directory of its own.
class FakeAgent {
 public:
  FakeAgent();
  ~FakeAgent();
  FakeAgent(const FakeAgent&) = delete;
  FakeAgent& operator=(const FakeAgent&) = delete;

  FakeTaskService& service() { return service_; }
  StdioStash& stash() { return stash_; }
  std::string socket() const { return tree_.Path("reeve.sock"); }
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Drops all connections in the middle of what they do.
  void Die();

 private:
  FakeTree tree_;
  FakeTaskService service_;
  StdioStash stash_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<ControlListener> listener_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_AGENT_CLI_FAKE_AGENT_H_
