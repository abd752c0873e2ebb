#include "enforcement/launch/attach.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "enforcement/shim/attach_message.h"

namespace reeve {
namespace {

constexpr int kBacklog = 16;
constexpr timeval kTimeout = {5, 0};
constexpr size_t kDescriptorsSize = kAttachStreams * sizeof(int);

union DescriptorMessage {
  cmsghdr header;
  char bytes[CMSG_SPACE(kDescriptorsSize)];
};

// The path of a state directory may be longer than an address can be.
sockaddr_un AddressIn(int state_dir_fd) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path =
      absl::StrCat("/proc/self/fd/", state_dir_fd, "/", kAttachSocket);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

absl::StatusOr<UniqueFd> MakeSocket() {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return ErrnoStatus(errno, "make a socket");
  return fd;
}

absl::StatusOr<UniqueFd> Connect(int state_dir_fd) {
  absl::StatusOr<UniqueFd> fd = MakeSocket();
  if (!fd.ok()) return fd;
  for (const int option : {SO_SNDTIMEO, SO_RCVTIMEO}) {
    if (setsockopt(fd->get(), SOL_SOCKET, option, &kTimeout,
                   sizeof(kTimeout)) != 0) {
      return ErrnoStatus(errno, "set a timeout of a socket");
    }
  }
  const sockaddr_un address = AddressIn(state_dir_fd);
  if (connect(fd->get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) == 0) {
    return fd;
  }
  if (errno == ECONNREFUSED) {
    return absl::FailedPreconditionError("attach: its shim is gone");
  }
  return ErrnoStatus(errno, "attach: connect to its shim");
}

absl::Status Send(const UniqueFd& connection, const int* fds,
                  bool closes_input) {
  AttachMessage hello = {kAttachMagic, closes_input ? 1u : 0u};
  iovec data = {&hello, sizeof(hello)};
  DescriptorMessage control = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof(control.bytes);
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(kDescriptorsSize);
  std::memcpy(CMSG_DATA(header), fds, kDescriptorsSize);
  if (sendmsg(connection.get(), &message, MSG_NOSIGNAL) == sizeof(hello)) {
    return absl::OkStatus();
  }
  return ErrnoStatus(errno, "attach: hand the streams to its shim");
}

absl::Status ReadReply(const UniqueFd& connection) {
  AttachReply reply;
  ssize_t n;
  do {
    n = read(connection.get(), &reply, sizeof(reply));
  } while (n < 0 && errno == EINTR);
  if (n < 0) return ErrnoStatus(errno, "attach: read the shim's answer");
  if (n == 0) return absl::FailedPreconditionError("attach: its shim is gone");
  switch (reply) {
    case AttachReply::kAttached:
      return absl::OkStatus();
    case AttachReply::kFull:
      return absl::ResourceExhaustedError(
          "attach: four are attached already: detach one");
    case AttachReply::kNotUnderstood:
      break;
  }
  return absl::InternalError("attach: its shim did not take the streams");
}

}  // namespace

absl::StatusOr<UniqueFd> ListenForAttach(int state_dir_fd) {
  absl::StatusOr<UniqueFd> fd = MakeSocket();
  if (!fd.ok()) return fd;
  const sockaddr_un address = AddressIn(state_dir_fd);
  // The mode of the socket's file is that of the socket when it is bound.
  if (fchmod(fd->get(), 0600) != 0 ||
      bind(fd->get(), reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0 ||
      listen(fd->get(), kBacklog) != 0) {
    return ErrnoStatus(errno, "make the attach socket in the state directory");
  }
  const int flags = fcntl(fd->get(), F_GETFL);
  if (flags < 0 || fcntl(fd->get(), F_SETFL, flags | O_NONBLOCK) != 0) {
    return ErrnoStatus(errno, "set flags of the attach socket");
  }
  return fd;
}

absl::Status CheckClientStreams(const UniqueFd& in, const UniqueFd& out,
                                const UniqueFd& err) {
  const std::pair<const char*, const UniqueFd*> streams[] = {
      {"stdin", &in}, {"stdout", &out}, {"stderr", &err}};
  for (const auto& [name, fd] : streams) {
    struct stat info;
    if (!*fd || fstat(fd->get(), &info) != 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("attach: ", name, " was not handed over"));
    }
    if (!S_ISFIFO(info.st_mode) && !S_ISSOCK(info.st_mode)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "attach: ", name, " is neither a pipe nor a socket: hand over one"));
    }
  }
  return absl::OkStatus();
}

absl::Status AttachStreams(int state_dir_fd, const UniqueFd& in,
                           const UniqueFd& out, const UniqueFd& err,
                           bool closes_input) {
  const absl::StatusOr<UniqueFd> connection = Connect(state_dir_fd);
  if (!connection.ok()) return connection.status();
  const int fds[kAttachStreams] = {in.get(), out.get(), err.get()};
  absl::Status sent = Send(*connection, fds, closes_input);
  if (!sent.ok()) return sent;
  return ReadReply(*connection);
}

}  // namespace reeve
