#include "agent/service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"

namespace reeve {

std::string NoticeSocket() {
  const char* socket = std::getenv("NOTIFY_SOCKET");
  return socket == nullptr ? "" : socket;
}

absl::Status NotifyServiceManager(const std::string& socket,
                                  const std::string& state) {
  if (socket.empty()) return absl::OkStatus();
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if ((socket[0] != '/' && socket[0] != '@') ||
      socket.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("NOTIFY_SOCKET=", socket, " is no path of a socket"));
  }
  std::memcpy(address.sun_path, socket.data(), socket.size());
  // One in the abstract namespace.
  if (socket[0] == '@') address.sun_path[0] = '\0';
  const auto size =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());

  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return absl::ErrnoToStatus(errno, "socket for NOTIFY_SOCKET");
  if (sendto(fd.get(), state.data(), state.size(), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address), size) < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("NOTIFY_SOCKET=", socket));
  }
  return absl::OkStatus();
}

}  // namespace reeve
