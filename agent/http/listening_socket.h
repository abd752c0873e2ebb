#ifndef REEVE_AGENT_HTTP_LISTENING_SOCKET_H_
#define REEVE_AGENT_HTTP_LISTENING_SOCKET_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// Listens on HOST:PORT, [IPV6]:PORT or :PORT, the last on every address of the
// host, IPv6 and IPv4. Port 0 takes a free one. Non-blocking. Errors name the
// address: kInvalidArgument for one that is malformed or does not resolve, and
// errno's code and text for one that cannot be used.
absl::StatusOr<UniqueFd> ListenOn(const std::string& address);

// The port of a listening socket.
absl::StatusOr<int> PortOf(const UniqueFd& socket);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_LISTENING_SOCKET_H_
