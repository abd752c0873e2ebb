#ifndef REEVE_AGENT_API_TASK_SERVICE_H_
#define REEVE_AGENT_API_TASK_SERVICE_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/api/answer_stream.h"
#include "agent/api/call_threads.h"
#include "agent/api/task_service.grpc.pb.h"
#include "agent/control/stdio_stash.h"
#include "agent/events/event_feed.h"
#include "agent/events/event_log.h"
#include "agent/tasks/task_supervisor.h"
#include "collectors/sampler.h"
#include "collectors/snapshot_store.h"

namespace reeve {

// The control API on top of the supervisor: messages to values and back.
// Thread-safe. Wait and Events are asynchronous, so that any number of callers
// may wait without a thread each. What else may last runs on threads of its
// own, as many as CallThreads gives of each kind: the server's threads are for
// calls that end soon, whatever their callers do.
class TaskService final
    : public v1::TaskService::WithCallbackMethod_Exec<
          v1::TaskService::WithCallbackMethod_ExecStream<
              v1::TaskService::WithCallbackMethod_Events<
                  v1::TaskService::WithCallbackMethod_Logs<
                      v1::TaskService::WithCallbackMethod_Stats<
                          v1::TaskService::WithCallbackMethod_Stop<
                              v1::TaskService::WithCallbackMethod_Wait<
                                  v1::TaskService::Service>>>>>>> {
 public:
  // All must outlive the service.
  struct Parts {
    TaskSupervisor* supervisor;
    Sampler* sampler;
    const SnapshotStore* store;
    StdioStash* stash;
    absl::Duration sample_interval;
    EventLog* events;
    EventFeed* event_feed;
  };

  explicit TaskService(Parts parts) : parts_(parts) {}

  grpc::Status Adopt(grpc::ServerContext* context,
                     const v1::AdoptRequest* request,
                     v1::AdoptResponse* response) override;
  grpc::Status Launch(grpc::ServerContext* context,
                      const v1::LaunchRequest* request,
                      v1::LaunchResponse* response) override;
  grpc::ServerUnaryReactor* Wait(grpc::CallbackServerContext* context,
                                 const v1::WaitRequest* request,
                                 v1::WaitResponse* response) override;
  grpc::ServerUnaryReactor* Stop(grpc::CallbackServerContext* context,
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
  grpc::Status List(grpc::ServerContext* context,
                    const v1::ListRequest* request,
                    v1::ListResponse* response) override;
  grpc::Status Inspect(grpc::ServerContext* context,
                       const v1::InspectRequest* request,
                       v1::InspectResponse* response) override;
  grpc::ServerWriteReactor<v1::StatsResponse>* Stats(
      grpc::CallbackServerContext* context,
      const v1::StatsRequest* request) override;
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
  grpc::ServerWriteReactor<v1::Event>* Events(
      grpc::CallbackServerContext* context,
      const v1::EventsRequest* request) override;
  grpc::Status Attach(grpc::ServerContext* context,
                      const v1::AttachRequest* request,
                      v1::AttachResponse* response) override;
  grpc::Status ResizeTty(grpc::ServerContext* context,
                         const v1::ResizeTtyRequest* request,
                         v1::ResizeTtyResponse* response) override;
  grpc::Status CloseStdin(grpc::ServerContext* context,
                          const v1::CloseStdinRequest* request,
                          v1::CloseStdinResponse* response) override;
  grpc::ServerWriteReactor<v1::LogsResponse>* Logs(
      grpc::CallbackServerContext* context,
      const v1::LogsRequest* request) override;
  grpc::Status Version(grpc::ServerContext* context,
                       const v1::VersionRequest* request,
                       v1::VersionResponse* response) override;

  grpc::ServerUnaryReactor* Exec(grpc::CallbackServerContext* context,
                                 const v1::ExecRequest* request,
                                 v1::ExecResponse* response) override;
  grpc::ServerBidiReactor<v1::ExecStreamRequest, v1::ExecStreamResponse>*
  ExecStream(grpc::CallbackServerContext* context) override;

  // The answers to List, ListGroups and Inspect, for the HTTP API too.
  v1::ListResponse ListTasks() const;
  v1::ListGroupsResponse ListAllGroups() const;
  absl::StatusOr<v1::InspectResponse> InspectTask(const std::string& id) const;

 private:
  absl::Status StopTask(const v1::StopRequest& request,
                        v1::StopResponse* response);
  absl::Status SendStats(const v1::StatsRequest& request,
                         AnswerStream<v1::StatsResponse>& stream);
  absl::Status SendLogs(const v1::LogsRequest& request,
                        AnswerStream<v1::LogsResponse>& stream);

  const Parts parts_;
  CallThreads exec_threads_{"reeve-exec", "commands run in tasks"};
  CallThreads stream_threads_{"reeve-stream", "calls follow logs or stats"};
  CallThreads stop_threads_{"reeve-stop", "tasks are being stopped"};
  // Launches that wait for their task's exit.
  std::atomic<int> launch_waits_{0};
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_TASK_SERVICE_H_
