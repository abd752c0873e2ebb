#ifndef REEVE_AGENT_CLI_AGENT_SOCKET_H_
#define REEVE_AGENT_CLI_AGENT_SOCKET_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace reeve {

// A connection to the agent's unix socket. kUnavailable if no agent listens
// there, kPermissionDenied if this user may not connect, kInvalidArgument if
// the path cannot be a socket's; the message says what to do.
absl::StatusOr<UniqueFd> ConnectAgentSocket(const std::string& path);

// A channel for calls over a connection to the agent's socket.
std::shared_ptr<grpc::Channel> ChannelOverSocket(UniqueFd socket);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_AGENT_SOCKET_H_
