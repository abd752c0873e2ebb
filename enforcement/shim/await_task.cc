#include "enforcement/shim/await_task.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enforcement/shim/wall_time.h"

namespace reeve {
namespace {

constexpr int kForever = -1;
// Between two kills of what is left: most of it is gone after the first, and
// what cannot die in an uninterruptible sleep is asked more and more rarely.
constexpr int kFirstPauseMs = 1;
constexpr int kMaxPauseMs = 1000;

void Drain(int fd) {
  char bytes[512];
  while (read(fd, bytes, sizeof(bytes)) > 0) {
  }
}

// Returns when a child may have ended, or after the timeout.
void AwaitSignal(int child_signal_fd, int control_fd, int timeout_ms) {
  pollfd fds[] = {{child_signal_fd, POLLIN, 0}, {control_fd, POLLIN, 0}};
  if (poll(fds, 2, timeout_ms) <= 0) return;
  if (fds[0].revents != 0) {
    signalfd_siginfo info;
    while (read(child_signal_fd, &info, sizeof(info)) > 0) {
    }
  }
  // The commands are for a terminal or for a standard input that the shim
  // holds; a task whose streams are its own has neither.
  if (fds[1].revents != 0) Drain(control_fd);
}

// Reaps what has ended. Returns whether children are left. Sets `end` and
// `main_pid` to 0 when it meets the main process.
bool Reap(pid_t& main_pid, TaskEnd& end) {
  while (true) {
    int wait_status;
    const pid_t pid = waitpid(-1, &wait_status, WNOHANG);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) return false;
    if (pid == 0) return true;
    if (pid == main_pid) {
      main_pid = 0;
      end.wait_status = wait_status;
      end.unix_nanos = UnixNanos();
    }
  }
}

}  // namespace

TaskEnd AwaitTask(pid_t main_pid, bool lasts_with_cgroup,
                  const Containment& containment, int child_signal_fd,
                  int control_fd) {
  TaskEnd end;
  int pause_ms = kFirstPauseMs;
  while (true) {
    const bool has_children = Reap(main_pid, end);
    const bool is_over = main_pid == 0 && !lasts_with_cgroup;
    if (!has_children && !(is_over && HasCgroupProcesses(containment))) break;
    int timeout_ms = kForever;
    if (is_over) {
      KillOnce(containment);
      timeout_ms = pause_ms;
      pause_ms = pause_ms * 2 < kMaxPauseMs ? pause_ms * 2 : kMaxPauseMs;
    }
    AwaitSignal(child_signal_fd, control_fd, timeout_ms);
  }
  if (lasts_with_cgroup) end.unix_nanos = UnixNanos();
  return end;
}

void EndTask(const Containment& containment, int child_signal_fd) {
  pid_t none = 0;
  TaskEnd ignored;
  while (Reap(none, ignored)) {
    KillOnce(containment);
    AwaitSignal(child_signal_fd, kNoFd, kFirstPauseMs);
  }
}

}  // namespace reeve
