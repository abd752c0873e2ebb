#ifndef REEVE_AGENT_CLI_AGENT_CLIENT_H_
#define REEVE_AGENT_CLI_AGENT_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "agent/api/task_service.grpc.pb.h"
#include "agent/cli/cli_environment.h"

namespace reeve {

// Where the agent is; no socket if nobody named one and there is no default.
struct AgentAddress {
  std::string socket;
  // Named by --socket or REEVE_SOCKET: no other agent will do.
  bool named = false;
};

// `socket_flag` is the value of --socket, or empty.
AgentAddress FindAgentAddress(const std::string& socket_flag,
                              const CliEnvironment& env);

// Calls of the agent. Thread-safe.
class AgentClient {
 public:
  // Errors are those of ConnectAgentSocket(), or kUnavailable without a socket.
  static absl::StatusOr<AgentClient> Connect(const AgentAddress& address);

  explicit AgentClient(const std::shared_ptr<grpc::Channel>& channel);

  v1::TaskService::Stub& stub() { return *stub_; }

 private:
  std::unique_ptr<v1::TaskService::Stub> stub_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_AGENT_CLIENT_H_
