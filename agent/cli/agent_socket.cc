#include "agent/cli/agent_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "agent/api/channel_arguments.h"
#include "agent/control/admission.h"
#include "grpcpp/channel.h"
#include "grpcpp/create_channel_posix.h"

namespace reeve {
namespace {

absl::Status ConnectError(int error_number, const std::string& path) {
  switch (error_number) {
    case ENOENT:
    case ECONNREFUSED:
      return absl::UnavailableError(absl::StrCat(
          "no agent at ", path, ": start one with \"reeve agent\""));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(absl::StrCat(
          "agent at ", path,
          ": permission denied: use the user or group that owns the socket"));
    default:
      return absl::ErrnoToStatus(error_number, absl::StrCat("agent at ", path));
  }
}

// Everybody may connect to it, so that the agent decides, not the file's mode.
bool IsOpenToAll(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && (info.st_mode & S_IWOTH) != 0;
}

}  // namespace

absl::StatusOr<UniqueFd> ConnectAgentSocket(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("socket ", path, ": a path of 1 to ",
                     sizeof(address.sun_path) - 1, " bytes is needed"));
  }
  std::memcpy(address.sun_path, path.data(), path.size());

  UniqueFd socket_fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket_fd) return absl::ErrnoToStatus(errno, "socket");
  if (connect(socket_fd.get(), reinterpret_cast<sockaddr*>(&address),
              sizeof(address)) != 0) {
    return ConnectError(errno, path);
  }
  // Spared where the mode has answered already.
  if (!IsOpenToAll(path)) return socket_fd;
  const absl::Status admitted = AskForAdmission(socket_fd.get());
  if (admitted.ok()) return socket_fd;
  return absl::Status(admitted.code(), absl::StrCat("agent at ", path, ": ",
                                                    admitted.message()));
}

std::shared_ptr<grpc::Channel> ChannelOverSocket(UniqueFd socket) {
  // gRPC polls the descriptor.
  const int flags = fcntl(socket.get(), F_GETFL);
  fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK);
  return grpc::CreateCustomInsecureChannelFromFd(
      "reeve-agent", socket.Release(), AgentChannelArguments());
}

}  // namespace reeve
