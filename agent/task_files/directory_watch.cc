#include "agent/task_files/directory_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"

namespace reeve {
namespace {

// Changes come in groups: an editor writes, renames and touches.
constexpr absl::Duration kQuiet = absl::Milliseconds(200);
constexpr absl::Duration kLongestUnrest = absl::Seconds(2);

constexpr uint32_t kContents = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO |
                               IN_MOVED_FROM | IN_DELETE | IN_ATTRIB;
constexpr uint32_t kDirectoryGone =
    IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;

int Milliseconds(absl::Duration duration) {
  const int64_t ms = absl::ToInt64Milliseconds(absl::Ceil(
      std::max(duration, absl::ZeroDuration()), absl::Milliseconds(1)));
  return static_cast<int>(std::min<int64_t>(ms, 1 << 30));
}

}  // namespace

DirectoryWatch::DirectoryWatch(std::string directory)
    : directory_(std::move(directory)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      inotify_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

bool DirectoryWatch::Begin() {
  if (!inotify_) return false;
  if (watch_ >= 0) return true;
  being_written_.clear();
  watch_ = inotify_add_watch(
      inotify_.get(), directory_.c_str(),
      kContents | IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
  return watch_ >= 0;
}

void DirectoryWatch::Wait(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  bool is_news = false;
  while (!is_news) {
    if (!Poll(deadline - absl::Now())) return;
    is_news = ReadEvents();
  }
  const absl::Time end = absl::Now() + kLongestUnrest;
  while (absl::Now() < end && Poll(kQuiet)) (void)ReadEvents();
}

bool DirectoryWatch::Poll(absl::Duration timeout) {
  pollfd fds[] = {{wake_.get(), POLLIN, 0}, {inotify_.get(), POLLIN, 0}};
  // The count stays in the eventfd: whoever waits next is woken, too.
  return poll(fds, 2, Milliseconds(timeout)) > 0 && fds[0].revents == 0;
}

bool DirectoryWatch::ReadEvents() {
  alignas(inotify_event) char buffer[16 << 10];
  bool is_news = false;
  while (true) {
    const ssize_t n = read(inotify_.get(), buffer, sizeof(buffer));
    if (n <= 0) return is_news;
    size_t offset = 0;
    while (offset < static_cast<size_t>(n)) {
      inotify_event event;
      std::memcpy(&event, buffer + offset, sizeof(event));
      const auto* const whole =
          reinterpret_cast<const inotify_event*>(buffer + offset);
      is_news |= Note(*whole);
      offset += sizeof(event) + event.len;
    }
  }
}

bool DirectoryWatch::Note(const inotify_event& event) {
  // Some were lost: everything may have changed, and closed.
  if ((event.mask & IN_Q_OVERFLOW) != 0) {
    being_written_.clear();
    return true;
  }
  // The last word on a watch that was given up, or is about to be.
  if (event.wd != watch_) return false;
  if ((event.mask & kDirectoryGone) != 0) {
    if ((event.mask & IN_IGNORED) == 0) {
      (void)inotify_rm_watch(inotify_.get(), watch_);
    }
    watch_ = -1;
    being_written_.clear();
    return true;
  }
  const std::string name = event.len > 0 ? event.name : "";
  if (event.mask == IN_MODIFY) {
    being_written_.insert(name);
    return false;
  }
  being_written_.erase(name);
  return (event.mask & kContents) != 0;
}

void DirectoryWatch::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_.get(), &one, sizeof(one));
}

}  // namespace reeve
