#ifndef REEVE_AGENT_API_EXEC_REACTOR_H_
#define REEVE_AGENT_API_EXEC_REACTOR_H_

#include <atomic>

#include "agent/api/call_threads.h"
#include "agent/api/task_service.grpc.pb.h"
#include "agent/api/wake_event.h"
#include "agent/control/stdio_stash.h"
#include "agent/tasks/task_supervisor.h"

namespace reeve {

// Answers one Exec call on a thread of its own, so that commands that run for
// long take none of the server's. Deletes itself once gRPC is done with it.
class ExecReactor final : public grpc::ServerUnaryReactor {
 public:
  // All must live until the call is answered.
  static ExecReactor* Start(CallThreads& threads, TaskSupervisor* supervisor,
                            StdioStash* stash, const v1::ExecRequest* request,
                            v1::ExecResponse* response);

  void OnCancel() override;
  void OnDone() override { delete this; }

 private:
  ExecReactor(TaskSupervisor* supervisor, StdioStash* stash,
              const v1::ExecRequest* request, v1::ExecResponse* response)
      : supervisor_(supervisor),
        stash_(stash),
        request_(request),
        response_(response) {}

  absl::Status Run();

  TaskSupervisor* const supervisor_;
  StdioStash* const stash_;
  const v1::ExecRequest* const request_;
  v1::ExecResponse* const response_;
  std::atomic<bool> is_cancelled_{false};
  WakeEvent cancel_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_EXEC_REACTOR_H_
