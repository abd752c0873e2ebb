#ifndef REEVE_AGENT_API_WAIT_REACTOR_H_
#define REEVE_AGENT_API_WAIT_REACTOR_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>

#include "agent/api/task_service.pb.h"
#include "agent/tasks/task.h"

namespace reeve {

// Answers one Wait call when its task exits, or when the caller gives up. Owned
// by gRPC, which deletes it through OnDone().
class WaitReactor final : public grpc::ServerUnaryReactor {
 public:
  // Calls `before_answer` just before the caller is told of the exit.
  static WaitReactor* Start(const std::shared_ptr<Task>& task,
                            v1::WaitResponse* response,
                            std::function<void()> before_answer);

  void OnCancel() override;
  void OnDone() override;

 private:
  class Call;

  WaitReactor(std::shared_ptr<Task> task, std::shared_ptr<Call> call);

  const std::shared_ptr<Task> task_;
  const std::shared_ptr<Call> call_;
  // Of the task's exit callback.
  uint64_t exit_key_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_WAIT_REACTOR_H_
