#include "agent/cli/agent_client.h"

#include <optional>
#include <utility>

#include "agent/cli/agent_socket.h"
#include "grpcpp/channel.h"

namespace reeve {

AgentAddress FindAgentAddress(const std::string& socket_flag,
                              const CliEnvironment& env) {
  if (!socket_flag.empty()) return {socket_flag, true};
  const std::optional<std::string> socket = env.getenv("REEVE_SOCKET");
  if (socket.has_value() && !socket->empty()) return {*socket, true};
  return {env.default_socket, false};
}

absl::StatusOr<AgentClient> AgentClient::Connect(const AgentAddress& address) {
  if (address.socket.empty()) {
    return absl::UnavailableError(
        "no agent is known: XDG_RUNTIME_DIR is not set; set it, or name the "
        "agent's socket by --socket or REEVE_SOCKET");
  }
  absl::StatusOr<UniqueFd> socket = ConnectAgentSocket(address.socket);
  if (!socket.ok()) return socket.status();
  return AgentClient(ChannelOverSocket(*std::move(socket)));
}

AgentClient::AgentClient(const std::shared_ptr<grpc::Channel>& channel)
    : stub_(v1::TaskService::NewStub(channel)) {}

}  // namespace reeve
