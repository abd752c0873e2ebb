#include "agent/control/stdio_handover.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr int kStreamCount = 3;

// Ancillary data of one message with three descriptors, aligned as cmsg(3)
// asks.
union DescriptorMessage {
  cmsghdr header;
  char bytes[CMSG_SPACE(kStreamCount * sizeof(int))];
};

absl::StatusOr<UniqueFd> Connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("socket path ", path, " is too long"));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return ErrnoStatus(errno, "socket");
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) != 0) {
    return ErrnoStatus(errno, absl::StrCat("connect ", path));
  }
  return fd;
}

absl::StatusOr<std::string> ReadToken(int fd) {
  std::string token;
  while (token.size() < 64) {
    char byte;
    const ssize_t n = read(fd, &byte, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoStatus(errno, "hand streams over");
    if (n == 0) {
      return absl::UnavailableError(
          "the agent refused the standard streams: is this user allowed?");
    }
    if (byte == '\n') return token;
    token.push_back(byte);
  }
  return absl::DataLossError("the agent's answer to the streams is too long");
}

}  // namespace

absl::StatusOr<HandedStreams> ReceiveStreams(int connection_fd) {
  char greeting[kHandoverGreetingSize];
  iovec data{greeting, sizeof(greeting)};
  DescriptorMessage control;
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof(control.bytes);
  const ssize_t n =
      recvmsg(connection_fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0) return ErrnoStatus(errno, "recvmsg");

  UniqueFd fds[kStreamCount];
  int count = 0;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const size_t received = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < received && count < kStreamCount; ++i) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      fds[count++].Reset(fd);
    }
  }
  if (n != sizeof(greeting) || (message.msg_flags & MSG_CTRUNC) != 0 ||
      std::memcmp(greeting, kHandoverGreeting, sizeof(greeting)) != 0 ||
      count != kStreamCount) {
    return absl::InvalidArgumentError("not a handover of three descriptors");
  }
  return HandedStreams{std::move(fds[0]), std::move(fds[1]), std::move(fds[2])};
}

absl::StatusOr<std::string> SendStreams(const std::string& socket_path,
                                        int stdin_fd, int stdout_fd,
                                        int stderr_fd, UniqueFd* connection) {
  absl::StatusOr<UniqueFd> fd = Connect(socket_path);
  if (!fd.ok()) return fd.status();

  char greeting[kHandoverGreetingSize];
  std::memcpy(greeting, kHandoverGreeting, sizeof(greeting));
  iovec data{greeting, sizeof(greeting)};
  DescriptorMessage control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof(control.bytes);
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(kStreamCount * sizeof(int));
  const int fds[kStreamCount] = {stdin_fd, stdout_fd, stderr_fd};
  std::memcpy(CMSG_DATA(header), fds, sizeof(fds));
  if (sendmsg(fd->get(), &message, MSG_NOSIGNAL) < 0) {
    return ErrnoStatus(errno, "hand streams over");
  }
  absl::StatusOr<std::string> token = ReadToken(fd->get());
  if (token.ok()) *connection = *std::move(fd);
  return token;
}

}  // namespace reeve
