#ifndef REEVE_AGENT_CLI_EXIT_WAIT_H_
#define REEVE_AGENT_CLI_EXIT_WAIT_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/cli/agent_client.h"
#include "grpcpp/client_context.h"

namespace reeve {

// Waits for the end of a task, which its agent may end before: the task goes on
// then, and so does this, with the next agent. Thread-safe; Await() once.
class ExitWait {
 public:
  // How long an agent that is started anew may take.
  static constexpr absl::Duration kPatience = absl::Seconds(15);

  // The next agent is looked for at `address`, which has no socket if the agent
  // is of this process. `client` must outlive this.
  ExitWait(std::string id, AgentAddress address, AgentClient* client,
           absl::Duration patience = kPatience);
  ExitWait(const ExitWait&) = delete;
  ExitWait& operator=(const ExitWait&) = delete;

  // kUnavailable, with what to do, if no other agent has come in time.
  absl::StatusOr<v1::ExitStatus> Await();

  // Has Await() return soon.
  void Cancel();

 private:
  grpc::Status Call(AgentClient& client, v1::WaitResponse* response);
  absl::StatusOr<AgentClient> ConnectToNext();
  bool IsCancelled();

  const std::string id_;
  const AgentAddress address_;
  AgentClient& client_;
  const absl::Duration patience_;
  absl::Mutex mutex_;
  bool is_cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the call under way, if there is one.
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_EXIT_WAIT_H_
