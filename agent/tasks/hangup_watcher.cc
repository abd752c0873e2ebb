#include "agent/tasks/hangup_watcher.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/time/clock.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr uint64_t kStopKey = 0;

absl::Status AddToEpoll(int epoll_fd, int fd, uint64_t key) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLHUP | EPOLLONESHOT;
  event.data.u64 = key;
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
    return ErrnoStatus(errno, "epoll_ctl");
  }
  return absl::OkStatus();
}

}  // namespace

HangupWatcher::~HangupWatcher() { Stop(); }

absl::Status HangupWatcher::Start() {
  epoll_.Reset(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_) return ErrnoStatus(errno, "epoll_create1");
  stop_event_.Reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop_event_) return ErrnoStatus(errno, "eventfd");
  absl::Status status = AddToEpoll(epoll_.get(), stop_event_.get(), kStopKey);
  if (!status.ok()) return status;
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "reeve-exits");
  return absl::OkStatus();
}

void HangupWatcher::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_event_.get(), 1);
  thread_.join();
  absl::MutexLock lock(&mutex_);
  entries_.clear();
}

absl::Status HangupWatcher::Watch(UniqueFd fd,
                                  std::function<void()> on_hangup) {
  const int raw_fd = fd.get();
  uint64_t key;
  {
    absl::MutexLock lock(&mutex_);
    key = next_key_++;
    entries_[key] = Entry{std::move(fd), std::move(on_hangup)};
  }
  absl::Status status = AddToEpoll(epoll_.get(), raw_fd, key);
  if (!status.ok()) {
    absl::MutexLock lock(&mutex_);
    entries_.erase(key);
  }
  return status;
}

void HangupWatcher::Run() {
  while (true) {
    epoll_event events[16];
    const int count = epoll_wait(epoll_.get(), events, 16, -1);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.u64 == kStopKey) return;
      Dispatch(events[i].data.u64);
    }
  }
}

void HangupWatcher::Dispatch(uint64_t key) {
  Entry entry;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = entries_.find(key);
    if (it == entries_.end()) return;
    entry = std::move(it->second);
    entries_.erase(it);
  }
  entry.on_hangup();
}

bool HangsUp(const UniqueFd& fd, absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  // A hang-up is reported without being asked for.
  pollfd poll_fd = {fd.get(), 0, 0};
  while (true) {
    const absl::Duration left =
        std::max(deadline - absl::Now(), absl::ZeroDuration());
    const timespec time = absl::ToTimespec(left);
    const int ready = ppoll(&poll_fd, 1, &time, nullptr);
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

}  // namespace reeve
