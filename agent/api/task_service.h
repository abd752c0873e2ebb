#ifndef REEVE_AGENT_API_TASK_SERVICE_H_
#define REEVE_AGENT_API_TASK_SERVICE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/api/task_service.grpc.pb.h"
#include "agent/control/stdio_stash.h"
#include "agent/tasks/task_supervisor.h"
#include "collectors/sampler.h"
#include "collectors/snapshot_store.h"

namespace reeve {

// The control API on top of the supervisor: messages to values and back.
// Thread-safe. Wait is asynchronous, so that any number of callers may wait
// without a thread each.
class TaskService final : public v1::TaskService::WithCallbackMethod_Wait<
                              v1::TaskService::Service> {
 public:
  // All must outlive the service.
  struct Parts {
    TaskSupervisor* supervisor;
    Sampler* sampler;
    const SnapshotStore* store;
    StdioStash* stash;
    absl::Duration sample_interval;
  };

  explicit TaskService(Parts parts) : parts_(parts) {}

  grpc::Status Launch(grpc::ServerContext* context,
                      const v1::LaunchRequest* request,
                      v1::LaunchResponse* response) override;
  grpc::ServerUnaryReactor* Wait(grpc::CallbackServerContext* context,
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
  grpc::Status List(grpc::ServerContext* context,
                    const v1::ListRequest* request,
                    v1::ListResponse* response) override;
  grpc::Status Inspect(grpc::ServerContext* context,
                       const v1::InspectRequest* request,
                       v1::InspectResponse* response) override;
  grpc::Status Stats(grpc::ServerContext* context,
                     const v1::StatsRequest* request,
                     grpc::ServerWriter<v1::StatsResponse>* writer) override;
  grpc::Status Remove(grpc::ServerContext* context,
                      const v1::RemoveRequest* request,
                      v1::RemoveResponse* response) override;
  grpc::Status Version(grpc::ServerContext* context,
                       const v1::VersionRequest* request,
                       v1::VersionResponse* response) override;

  // The answers to List and Inspect, for the HTTP API too.
  v1::ListResponse ListTasks() const;
  absl::StatusOr<v1::InspectResponse> InspectTask(const std::string& id) const;

 private:
  const Parts parts_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_TASK_SERVICE_H_
