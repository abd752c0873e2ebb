#ifndef REEVE_ENFORCEMENT_SHIM_POLL_SET_H_
#define REEVE_ENFORCEMENT_SHIM_POLL_SET_H_

#include <poll.h>

namespace reeve {

// The descriptors of one poll(2). Thread-compatible.
class PollSet {
 public:
  static constexpr int kNone = -1;

  // Returns the key for HasEvent(). A descriptor below 0 never has one.
  int Add(int fd, short events) {
    if (count_ == kCapacity) return kNone;
    fds_[count_] = {fd, events, 0};
    return count_++;
  }

  // Never longer than `ms`; negative is no limit.
  void LimitWait(int ms) {
    if (ms >= 0 && (wait_ms_ < 0 || ms < wait_ms_)) wait_ms_ = ms;
  }

  // poll(2)'s answer.
  int Wait() { return poll(fds_, static_cast<nfds_t>(count_), wait_ms_); }

  bool HasEvent(int key) const {
    return key != kNone && fds_[key].revents != 0;
  }
  // Whether the other side is gone, which is told without being asked for.
  bool HasGone(int key) const {
    return key != kNone &&
           (fds_[key].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
  }

 private:
  // Signals, commands, the task's streams, attaching, and four clients.
  static constexpr int kCapacity = 24;

  pollfd fds_[kCapacity];
  int count_ = 0;
  int wait_ms_ = -1;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_POLL_SET_H_
