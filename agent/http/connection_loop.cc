#include "agent/http/connection_loop.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace reeve {
namespace {

constexpr absl::Duration kAcceptPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestWait = absl::Seconds(60);

bool IsLessNeeded(const std::unique_ptr<Connection>& a,
                  const std::unique_ptr<Connection>& b) {
  if (a->step() != b->step()) return a->step() < b->step();
  return a->since() < b->since();
}

}  // namespace

ConnectionLoop::ConnectionLoop(UniqueFd listener, UniqueFd wake,
                               const ConnectionLimits& limits,
                               const Clock& clock, HttpHandler& handler,
                               WebSettingsSource settings)
    : listener_(std::move(listener)),
      wake_(std::move(wake)),
      limits_(limits),
      clock_(clock),
      handler_(handler),
      settings_(std::move(settings)) {}

void ConnectionLoop::Stop() {
  is_stopped_ = true;
  eventfd_write(wake_.get(), 1);
}

void ConnectionLoop::Wake() { eventfd_write(wake_.get(), 1); }

void ConnectionLoop::WakeConnections() {
  eventfd_t count;
  eventfd_read(wake_.get(), &count);
  for (const auto& connection : connections_) connection->OnWake();
}

void ConnectionLoop::Run() {
  constexpr size_t kOwn = 2;
  std::vector<pollfd> polled;
  while (true) {
    const bool accepting = clock_.MonotonicNow() >= accept_after_;
    polled.clear();
    polled.push_back({wake_.get(), POLLIN, 0});
    polled.push_back({accepting ? listener_.get() : -1, POLLIN, 0});
    for (const auto& connection : connections_) {
      polled.push_back({connection->fd(), connection->events(), 0});
    }
    if (poll(polled.data(), polled.size(), TimeoutMilliseconds()) < 0) continue;
    if (is_stopped_) break;

    const absl::Duration now = clock_.MonotonicNow();
    for (size_t i = 0; i < connections_.size(); ++i) {
      if (polled[kOwn + i].revents != 0) {
        connections_[i]->OnReady();
      } else if (connections_[i]->deadline() <= now) {
        connections_[i]->OnDeadline();
      }
    }
    if (polled[0].revents != 0) WakeConnections();
    RemoveClosed();
    if (polled[1].revents != 0) Accept();
  }
  connections_.clear();
}

void ConnectionLoop::Accept() {
  UniqueFd socket(
      accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) {
    const bool exhausted = errno == EMFILE || errno == ENFILE ||
                           errno == ENOMEM || errno == ENOBUFS;
    if (exhausted && !GiveUpOne()) {
      accept_after_ = clock_.MonotonicNow() + kAcceptPause;
    }
    return;
  }
  if (connections_.size() >= limits_.connections) GiveUpOne();
  // Head and body are two pieces of one sendmsg(2): nothing to wait for.
  const int yes = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  connections_.push_back(std::make_unique<Connection>(
      std::move(socket), limits_, clock_, handler_, settings_));
}

bool ConnectionLoop::GiveUpOne() {
  const auto least =
      std::min_element(connections_.begin(), connections_.end(), IsLessNeeded);
  if (least == connections_.end()) return false;
  connections_.erase(least);
  return true;
}

void ConnectionLoop::RemoveClosed() {
  connections_.erase(
      std::remove_if(connections_.begin(), connections_.end(),
                     [](const std::unique_ptr<Connection>& connection) {
                       return connection->step() == Connection::Step::kClosed;
                     }),
      connections_.end());
}

int ConnectionLoop::TimeoutMilliseconds() const {
  absl::Duration next = clock_.MonotonicNow() + kLongestWait;
  if (accept_after_ > clock_.MonotonicNow()) next = accept_after_;
  for (const auto& connection : connections_) {
    next = std::min(next, connection->deadline());
  }
  const absl::Duration wait =
      std::max(next - clock_.MonotonicNow(), absl::ZeroDuration());
  // Rounded up, or the last millisecond would be spent polling.
  return static_cast<int>(
      absl::ToInt64Milliseconds(absl::Ceil(wait, absl::Milliseconds(1))));
}

}  // namespace reeve
