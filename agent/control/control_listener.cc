#include "agent/control/control_listener.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/control/admission.h"
#include "agent/control/stdio_handover.h"
#include "base/file.h"
#include "glog/logging.h"

namespace reeve {
namespace {

constexpr absl::Duration kSilenceLimit = absl::Seconds(5);
// Connections that are not accepted yet, at most net.core.somaxconn: one more
// is refused by the kernel, and a client of gRPC's fails.
constexpr int kBacklog = 4096;

absl::StatusOr<sockaddr_un> SocketAddress(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "socket path ", path, " is longer than ", sizeof(address.sun_path) - 1,
        " bytes: give a shorter --socket"));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// Whether somebody answers on the socket. Removes the file of one that nobody
// listens on.
absl::Status ClearStaleSocket(const sockaddr_un& address) {
  const UniqueFd probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!probe) return ErrnoStatus(errno, "socket");
  if (connect(probe.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) == 0) {
    return absl::AlreadyExistsError(
        absl::StrCat("an agent listens on ", address.sun_path,
                     " already: stop it or give another --socket"));
  }
  struct stat info;
  if (errno == ECONNREFUSED && lstat(address.sun_path, &info) == 0 &&
      S_ISSOCK(info.st_mode)) {
    unlink(address.sun_path);
  }
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> Listen(const std::string& path, mode_t mode) {
  const absl::StatusOr<sockaddr_un> address = SocketAddress(path);
  if (!address.ok()) return address.status();
  absl::Status status = ClearStaleSocket(*address);
  if (!status.ok()) return status;

  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return ErrnoStatus(errno, "socket");
  // The mode is right from the first moment: bind() makes the file.
  const mode_t old_umask = umask(0777 & ~mode);
  const int bound = bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address),
                         sizeof(*address));
  const int bind_errno = errno;
  umask(old_umask);
  if (bound != 0) {
    return ErrnoStatus(bind_errno, absl::StrCat("bind ", path));
  }
  if (listen(fd.get(), kBacklog) != 0) {
    return ErrnoStatus(errno, absl::StrCat("listen ", path));
  }
  return fd;
}

absl::Status Watch(int epoll_fd, int fd, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus(errno, "epoll_ctl");
}

// Into the buffer of a connection that is new: it is not waited for.
void Say(int fd, absl::string_view line) {
  const std::string text = absl::StrCat(line, "\n");
  (void)send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

ControlListener::~ControlListener() { Stop(); }

absl::Status ControlListener::Start(const std::string& path) {
  absl::StatusOr<UniqueFd> listener =
      Listen(path, rules_.are_given ? 0666 : 0660);
  if (!listener.ok()) return listener.status();
  path_ = path;
  listener_ = *std::move(listener);
  epoll_.Reset(epoll_create1(EPOLL_CLOEXEC));
  stop_event_.Reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!epoll_ || !stop_event_) return ErrnoStatus(errno, "epoll or eventfd");
  for (const int fd : {listener_.get(), stop_event_.get()}) {
    absl::Status status = Watch(epoll_.get(), fd, EPOLLIN);
    if (!status.ok()) return status;
  }
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "reeve-control");
  return absl::OkStatus();
}

void ControlListener::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_event_.get(), 1);
  thread_.join();
  while (!connections_.empty()) Close(connections_.begin()->first);
  served_.clear();
  listener_.Reset();
  unlink(path_.c_str());
}

void ControlListener::Run() {
  while (true) {
    epoll_event events[16];
    const int timeout_ms = connections_.empty() ? -1 : 1000;
    const int count = epoll_wait(epoll_.get(), events, 16, timeout_ms);
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (fd == stop_event_.get()) return;
      if (fd == listener_.get()) {
        Accept();
      } else if (served_.count(fd) > 0) {
        OnServedEnd(fd);
      } else {
        OnReadable(fd);
      }
    }
    DropSilent();
  }
}

void ControlListener::Accept() {
  while (true) {
    UniqueFd fd(accept4(listener_.get(), nullptr, nullptr,
                        SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return;
    const absl::Status status = Take(std::move(fd));
    if (!status.ok()) {
      LOG_EVERY_T(WARNING, 1)
          << "refused a connection to the control socket: " << status.message();
    }
  }
}

absl::Status ControlListener::Take(UniqueFd fd) {
  // The kernel's word on who the peer is keeps a descriptor that leaked to
  // somebody else from being of use, whatever the mode of the socket.
  const absl::StatusOr<Peer> peer = ReadPeer(fd.get());
  if (!peer.ok()) return peer.status();
  absl::Status status = CheckPeer(*peer, rules_, geteuid(), getegid());
  if (status.ok()) status = quota_.Take(peer->uid);
  if (!status.ok()) {
    Say(fd.get(), status.message());
    return status;
  }
  status = Watch(epoll_.get(), fd.get(), EPOLLIN | EPOLLRDHUP);
  if (!status.ok()) {
    quota_.Return(peer->uid);
    return status;
  }
  Connection& connection = connections_[fd.get()];
  connection.fd = std::move(fd);
  connection.uid = peer->uid;
  connection.deadline = absl::Now() + kSilenceLimit;
  return absl::OkStatus();
}

void ControlListener::OnReadable(int fd) {
  const auto it = connections_.find(fd);
  if (it == connections_.end()) return;
  Connection& connection = it->second;
  if (!connection.token.empty()) return Close(fd);

  char first[kHandoverGreetingSize];
  const ssize_t n = recv(fd, first, sizeof(first), MSG_PEEK | MSG_DONTWAIT);
  if (n == 0 || (n < 0 && errno != EAGAIN)) return Close(fd);
  if (n < 0) return;
  // One byte tells: a gRPC client begins with "PRI * HTTP/2.0".
  if (first[0] != kHandoverGreeting[0]) return PassOn(fd);
  if (n == static_cast<ssize_t>(kAdmissionGreetingSize) &&
      std::memcmp(first, kAdmissionGreeting, kAdmissionGreetingSize) == 0) {
    return Admit(&connection);
  }
  TakeStreams(&connection);
}

// A copy that reports nothing but EPOLLHUP tells when the connection has ended:
// the peer has closed it, or whoever serves it has shut it down.
void ControlListener::PassOn(int fd) {
  const uid_t uid = connections_[fd].uid;
  UniqueFd copy(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  const absl::Status status = copy
                                  ? Watch(epoll_.get(), copy.get(), 0)
                                  : ErrnoStatus(errno, "fcntl F_DUPFD_CLOEXEC");
  if (!status.ok()) {
    LOG_EVERY_T(WARNING, 1)
        << "dropped a connection to the control socket: " << status.message();
    return Close(fd);
  }
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  UniqueFd released = std::move(connections_[fd].fd);
  connections_.erase(fd);
  const int watched = copy.get();
  served_[watched] = Served{std::move(copy), uid};
  serve_(std::move(released));
}

void ControlListener::OnServedEnd(int fd) {
  const auto it = served_.find(fd);
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  quota_.Return(it->second.uid);
  served_.erase(it);
}

// What it really wants comes next, within the time it has anyway.
void ControlListener::Admit(Connection* connection) {
  char greeting[kAdmissionGreetingSize];
  (void)recv(connection->fd.get(), greeting, sizeof(greeting), MSG_DONTWAIT);
  Say(connection->fd.get(), kAdmitted);
}

void ControlListener::TakeStreams(Connection* connection) {
  const int fd = connection->fd.get();
  absl::StatusOr<HandedStreams> streams = ReceiveStreams(fd);
  if (!streams.ok()) {
    LOG(WARNING) << "control socket: " << streams.status().message();
    return Close(fd);
  }
  connection->token = stash_.Put(*std::move(streams));
  connection->deadline = absl::InfiniteFuture();
  const std::string answer = absl::StrCat(connection->token, "\n");
  if (send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT) !=
      static_cast<ssize_t>(answer.size())) {
    Close(fd);
  }
}

void ControlListener::Close(int fd) {
  const auto it = connections_.find(fd);
  if (it == connections_.end()) return;
  if (!it->second.token.empty()) stash_.Drop(it->second.token);
  // Closing is not enough: a child on its way to exec has a copy, which would
  // go on to report events under a number that another connection has by then.
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  quota_.Return(it->second.uid);
  connections_.erase(it);
}

void ControlListener::DropSilent() {
  const absl::Time now = absl::Now();
  std::vector<int> silent;
  for (const auto& [fd, connection] : connections_) {
    if (connection.deadline < now) silent.push_back(fd);
  }
  for (const int fd : silent) Close(fd);
}

}  // namespace reeve
