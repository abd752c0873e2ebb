#include "enforcement/cgroup/freezer.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

constexpr char kCgroupFreeze[] = "cgroup.freeze";
constexpr char kCgroupEvents[] = "cgroup.events";
constexpr char kFreezerState[] = "freezer.state";
constexpr char kSelfFreezing[] = "freezer.self_freezing";

// v1 does not tell when a cgroup is frozen, and v2 tells late if it has told
// something else within the last 10 ms.
constexpr absl::Duration kFirstPause = absl::Microseconds(200);
constexpr absl::Duration kLongestPause = absl::Milliseconds(10);

enum class Progress { kFrozen, kFreezing, kThawed };

// Looks at one cgroup on its way.
class FreezeWatch {
 public:
  static absl::StatusOr<FreezeWatch> Open(int dir_fd, FreezeFile freeze_file) {
    FreezeWatch watch(dir_fd);
    if (freeze_file == FreezeFile::kFreezerState) return watch;
    absl::StatusOr<UniqueFd> events = OpenAt(dir_fd, kCgroupEvents, O_RDONLY);
    if (!events.ok()) return events.status();
    watch.events_ = *std::move(events);
    return watch;
  }

  absl::StatusOr<Progress> Look() const {
    return events_ ? LookV2() : LookV1();
  }

  // Returns after `timeout`, or once the kernel tells of a change since the
  // last look.
  void AwaitChange(absl::Duration timeout) const {
    pollfd change = {events_.get(), POLLPRI, 0};
    const timespec time = absl::ToTimespec(timeout);
    ppoll(&change, 1, &time, nullptr);
  }

 private:
  explicit FreezeWatch(int dir_fd) : dir_fd_(dir_fd) {}

  // Two short lines. Read from the descriptor that is polled, which tells of
  // what is new to it.
  absl::StatusOr<Progress> LookV2() const {
    char text[128];
    const ssize_t n = pread(events_.get(), text, sizeof(text), 0);
    if (n < 0) return ErrnoStatus(errno, absl::StrCat("read ", kCgroupEvents));
    const absl::string_view events(text, static_cast<size_t>(n));
    if (absl::StrContains(events, "frozen 1")) return Progress::kFrozen;
    const absl::StatusOr<std::string> freeze =
        ReadFileAt(dir_fd_, kCgroupFreeze);
    if (!freeze.ok()) return freeze.status();
    return absl::StartsWith(*freeze, "1") ? Progress::kFreezing
                                          : Progress::kThawed;
  }

  // A process that is forked while the cgroup freezes may escape the first
  // request, so each look makes it again.
  absl::StatusOr<Progress> LookV1() const {
    const absl::StatusOr<std::string> state =
        ReadFileAt(dir_fd_, kFreezerState);
    if (!state.ok()) return state.status();
    if (absl::StartsWith(*state, "FROZEN")) return Progress::kFrozen;
    if (absl::StartsWith(*state, "THAWED")) return Progress::kThawed;
    absl::Status again = WriteFileAt(dir_fd_, kFreezerState, "FROZEN");
    if (!again.ok()) return again;
    return Progress::kFreezing;
  }

  int dir_fd_;
  UniqueFd events_;
};

}  // namespace

absl::Status Freezer::Freeze(absl::Duration timeout) const {
  absl::Status status = Request();
  if (!status.ok()) return status;
  status = AwaitFrozen(timeout);
  if (status.ok()) return status;
  const absl::Status thawed = Thaw();
  if (thawed.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrCat(status.message(), "; thaw it: ", thawed.message()));
}

absl::Status Freezer::Thaw() const {
  absl::Status status;
  switch (freeze_file_) {
    case FreezeFile::kNone:
      break;
    case FreezeFile::kCgroupFreeze:
      status = WriteFileAt(dir_fd_, kCgroupFreeze, "0");
      break;
    case FreezeFile::kFreezerState:
      status = WriteFileAt(dir_fd_, kFreezerState, "THAWED");
      break;
  }
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::StatusOr<bool> Freezer::IsFrozen() const {
  if (freeze_file_ == FreezeFile::kNone) return false;
  // freezer.state would tell of a frozen parent, too.
  const absl::StatusOr<std::string> text = ReadFileAt(
      dir_fd_, freeze_file_ == FreezeFile::kCgroupFreeze ? kCgroupFreeze
                                                         : kSelfFreezing);
  if (absl::IsNotFound(text.status())) return false;
  if (!text.ok()) return text.status();
  return absl::StartsWith(*text, "1");
}

absl::Status Freezer::Request() const {
  if (freeze_file_ == FreezeFile::kNone) {
    return absl::UnavailableError(
        "this host cannot freeze a cgroup: it has neither cgroup v2 nor the "
        "freezer controller of v1");
  }
  if (freeze_file_ == FreezeFile::kFreezerState) {
    return WriteFileAt(dir_fd_, kFreezerState, "FROZEN");
  }
  absl::Status status = WriteFileAt(dir_fd_, kCgroupFreeze, "1");
  // cgroup.freeze came with Linux 5.2; every v2 cgroup has the other.
  if (absl::IsNotFound(status) && ReadFileAt(dir_fd_, kCgroupEvents).ok()) {
    return absl::UnavailableError(absl::StrCat(
        "this host cannot freeze a cgroup: its kernel has no ", kCgroupFreeze));
  }
  return status;
}

absl::Status Freezer::AwaitFrozen(absl::Duration timeout) const {
  const absl::StatusOr<FreezeWatch> watch =
      FreezeWatch::Open(dir_fd_, freeze_file_);
  if (!watch.ok()) return watch.status();
  const SystemClock clock;
  const absl::Duration deadline = clock.MonotonicNow() + timeout;
  for (absl::Duration pause = kFirstPause;;
       pause = std::min(2 * pause, kLongestPause)) {
    const absl::StatusOr<Progress> progress = watch->Look();
    if (!progress.ok()) return progress.status();
    if (*progress == Progress::kFrozen) return absl::OkStatus();
    if (*progress == Progress::kThawed) {
      return absl::AbortedError("it was thawed while it was being frozen");
    }
    const absl::Duration left = deadline - clock.MonotonicNow();
    if (left <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError(
          absl::StrCat("not frozen after ", absl::FormatDuration(timeout),
                       ": a process is in an uninterruptible sleep"));
    }
    watch->AwaitChange(std::min(pause, left));
  }
}

}  // namespace reeve
