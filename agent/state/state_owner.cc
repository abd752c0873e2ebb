#include "agent/state/state_owner.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "agent/state/state_directory.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

constexpr absl::Duration kLockPoll = absl::Milliseconds(5);

// Whether /proc/locks has "N: FLOCK ADVISORY WRITE PID MAJOR:MINOR:INODE ..."
// of these. The device there is not always that of stat(2), as on btrfs.
bool HasLock(absl::string_view locks, pid_t pid, ino_t inode) {
  for (const absl::string_view line : absl::StrSplit(locks, '\n')) {
    const std::vector<absl::string_view> fields =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (fields.size() < 6 || fields[1] != "FLOCK") continue;
    pid_t owner = 0;
    uint64_t number = 0;
    const absl::string_view file = fields[5];
    if (absl::SimpleAtoi(fields[4], &owner) && owner == pid &&
        absl::SimpleAtoi(file.substr(file.rfind(':') + 1), &number) &&
        number == inode) {
      return true;
    }
  }
  return false;
}

// Whoever wrote its pid into the lock file, if it holds the lock.
absl::StatusOr<pid_t> FindOwner(const UniqueFd& lock, const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  struct stat info;
  if (fstat(lock.get(), &info) != 0) return ErrnoStatus(errno, path);
  const absl::StatusOr<std::string> locks = ReadFile("/proc/locks");
  if (!locks.ok()) return locks.status();
  pid_t pid = 0;
  if (absl::SimpleAtoi(absl::StripSuffix(*text, "\n"), &pid) && pid > 0 &&
      HasLock(*locks, pid, info.st_ino)) {
    return pid;
  }
  return absl::FailedPreconditionError(absl::StrCat(
      path,
      " is locked, but not by the agent that it names: stop the agent "
      "that has the state directory"));
}

bool IsFree(const UniqueFd& lock) {
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return false;
  flock(lock.get(), LOCK_UN);
  return true;
}

absl::Status AskToEnd(const UniqueFd& process, pid_t pid) {
  if (syscall(SYS_pidfd_send_signal, process.get(), SIGTERM, nullptr, 0) == 0 ||
      errno == ESRCH) {
    return absl::OkStatus();
  }
  return ErrnoStatus(errno,
                     absl::StrCat("SIGTERM to the agent with pid ", pid));
}

}  // namespace

absl::Status EndStateOwner(const std::string& state_dir,
                           absl::Duration timeout) {
  const std::string path = absl::StrCat(state_dir, "/", kStateLockFile);
  const UniqueFd lock(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!lock && errno == ENOENT) return absl::OkStatus();
  if (!lock) return ErrnoStatus(errno, path);
  if (IsFree(lock)) return absl::OkStatus();

  const absl::Time until = absl::Now() + timeout;
  const absl::StatusOr<pid_t> pid = FindOwner(lock, path);
  if (!pid.ok()) return pid.status();
  const UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, *pid, 0)));
  // Asked again: the pid may have gone to another process before the open.
  if (process && FindOwner(lock, path).ok()) {
    absl::Status asked = AskToEnd(process, *pid);
    if (!asked.ok()) return asked;
    pollfd end = {process.get(), POLLIN, 0};
    poll(&end, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout)));
  }
  // A child on its way to exec has the lock for a moment longer.
  while (!IsFree(lock)) {
    if (absl::Now() > until) {
      return absl::DeadlineExceededError(absl::StrCat(
          "the agent with pid ", *pid, " has not ended within ",
          absl::FormatDuration(timeout), ": its tasks go on; end it yourself"));
    }
    absl::SleepFor(kLockPoll);
  }
  return absl::OkStatus();
}

}  // namespace reeve
