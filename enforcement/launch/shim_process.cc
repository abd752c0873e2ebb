#include "enforcement/launch/shim_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "enforcement/cgroup/kill_cgroup.h"

namespace reeve {
namespace {

constexpr long kKillTimeoutMs = 2000;
// How soon a caller that gave up is noticed; most programs start before.
constexpr absl::Duration kCancelCheck = absl::Milliseconds(50);

// posix_spawn(3)'s two objects, freed at the end.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  // A dup2() of a descriptor onto itself clears close-on-exec, in the child.
  int Keep(int fd) {
    return posix_spawn_file_actions_adddup2(&actions_, fd, fd);
  }

  // Blocked from birth, no signal can end the shim before it is ready for one.
  int BlockSignals() {
    sigset_t all;
    sigfillset(&all);
    const int error = posix_spawnattr_setsigmask(&attributes_, &all);
    if (error != 0) return error;
    return posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

int Prepare(SpawnSettings& settings, int plan_fd, const std::vector<int>& fds) {
  int error = settings.BlockSignals();
  if (error == 0) error = settings.Keep(plan_fd);
  for (const int fd : fds) {
    if (error == 0) error = settings.Keep(fd);
  }
  return error;
}

int TimeoutMs(absl::Duration left) {
  const int64_t ms = absl::ToInt64Milliseconds(left) + 1;
  return static_cast<int>(std::clamp<int64_t>(ms, 0, INT32_MAX));
}

// A shim that is held in vfork() neither dies of a signal nor reaps: its
// children keep their pids until then.
void KillChildrenOf(pid_t shim) {
  const absl::StatusOr<std::string> children =
      ReadFile(absl::StrCat("/proc/", shim, "/task/", shim, "/children"));
  if (!children.ok()) return;
  for (const absl::string_view text :
       absl::StrSplit(*children, ' ', absl::SkipEmpty())) {
    pid_t child = 0;
    if (absl::SimpleAtoi(text, &child) && child > 0) kill(child, SIGKILL);
  }
}

}  // namespace

absl::StatusOr<pid_t> SpawnShim(const std::vector<std::string>& paths,
                                int plan_fd, const std::vector<int>& fds) {
  SpawnSettings settings;
  const int error = Prepare(settings, plan_fd, fds);
  if (error != 0) return ErrnoStatus(error, "prepare the start of a shim");
  std::string name = "reeve-shim";
  std::string argument = absl::StrCat(plan_fd);
  char* const argv[] = {name.data(), argument.data(), nullptr};
  char* const envp[] = {nullptr};
  absl::Status failure;
  for (const std::string& path : paths) {
    pid_t pid = 0;
    const int spawn_error = posix_spawn(&pid, path.c_str(), settings.actions(),
                                        settings.attributes(), argv, envp);
    if (spawn_error == 0) return pid;
    failure = ErrnoStatus(spawn_error, absl::StrCat("start the shim ", path));
  }
  return failure;
}

absl::StatusOr<StartReport> AwaitStartReport(
    int status_fd, absl::Duration timeout,
    const std::function<bool()>& is_cancelled) {
  const SystemClock clock;
  const absl::Duration deadline = clock.MonotonicNow() + timeout;
  pollfd poll_fd = {status_fd, POLLIN, 0};
  while (true) {
    const absl::Duration left = deadline - clock.MonotonicNow();
    const int ready =
        poll(&poll_fd, 1, TimeoutMs(std::min(left, kCancelCheck)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return ErrnoStatus(errno, "wait for reeve-shim");
    if (ready == 0 && is_cancelled()) {
      return absl::CancelledError("the caller gave up before the program ran");
    }
    if (ready == 0 && left > kCancelCheck) continue;
    if (ready == 0) {
      return absl::DeadlineExceededError(absl::StrCat(
          "the program did not start within ", absl::FormatDuration(timeout)));
    }
    StartReport report;
    const ssize_t n = read(status_fd, &report, sizeof(report));
    if (n == sizeof(report)) return report;
    if (n < 0 && errno == EINTR) continue;
    return absl::UnavailableError("reeve-shim ended without a report");
  }
}

void KillShim(pid_t shim, const CgroupEntry& cgroup) {
  // Held from the moment it could go on, so that it starts nothing new.
  kill(shim, SIGSTOP);
  KillChildrenOf(shim);
  KillTask(cgroup);
  kill(shim, SIGKILL);
  ReapChild(shim);
}

void KillTask(const CgroupEntry& cgroup) {
  if (!cgroup.kill_file && !cgroup.procs_file) return;
  // An error is that of a cgroup without processes, or one that is gone.
  KillCgroupUntilEmpty(cgroup.kill_file.get(), cgroup.procs_file.get(),
                       cgroup.freeze_file.get(), cgroup.freeze_file_kind,
                       kKillTimeoutMs);
}

int ReapChild(pid_t pid) {
  int wait_status = 0;
  while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR) {
  }
  return wait_status;
}

}  // namespace reeve
