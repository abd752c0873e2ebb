#include "agent/tasks/pidfd.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "collectors/procfs/pid_stat.h"

namespace reeve {
namespace {

// kNotFound if the process has ended.
absl::Status CheckIdentity(const ProcessIdentity& process) {
  const absl::StatusOr<std::string> text =
      ReadFile(absl::StrCat("/proc/", process.pid, "/stat"));
  if (absl::IsResourceExhausted(text.status())) return text.status();
  const absl::StatusOr<PidStat> stat =
      text.ok() ? ParsePidStat(*text) : text.status();
  if (stat.ok() && stat->starttime == process.start_time_ticks) {
    return absl::OkStatus();
  }
  return absl::NotFoundError(
      absl::StrCat("process ", process.pid, " has ended"));
}

}  // namespace

absl::StatusOr<UniqueFd> OpenPidfd(const ProcessIdentity& process) {
  UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, process.pid, 0)));
  if (!pidfd && errno != ESRCH) {
    return ErrnoStatus(errno, absl::StrCat("pidfd_open ", process.pid));
  }
  // Checked after the open: before it, the pid may go to another process.
  const absl::Status is_still = CheckIdentity(process);
  if (!is_still.ok()) return is_still;
  if (pidfd) return pidfd;
  return absl::NotFoundError(
      absl::StrCat("process ", process.pid, " has ended"));
}

absl::Status SendSignal(const UniqueFd& pidfd, int signal) {
  if (syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0) == 0) {
    return absl::OkStatus();
  }
  if (errno == ESRCH) return absl::FailedPreconditionError("it has ended");
  return ErrnoStatus(errno, "pidfd_send_signal");
}

bool IsRunning(const UniqueFd& pidfd) {
  // It can be read once the process has ended, which includes a zombie.
  pollfd end = {pidfd.get(), POLLIN, 0};
  return poll(&end, 1, 0) == 0;
}

}  // namespace reeve
