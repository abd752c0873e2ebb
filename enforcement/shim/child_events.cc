#include "enforcement/shim/child_events.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enforcement/shim/poll_set.h"

namespace reeve {
namespace {

constexpr int kMaxPauseMs = 1000;

void Drain(int fd) {
  char bytes[512];
  while (read(fd, bytes, sizeof(bytes)) > 0) {
  }
}

}  // namespace

bool AwaitEvent(EventFds& fds, int timeout_ms, Relay* relay) {
  PollSet set;
  set.LimitWait(timeout_ms);
  const int signal_key = set.Add(fds.child_signal, POLLIN);
  const int control_key = set.Add(fds.control, POLLIN);
  // A hang-up is reported without being asked for.
  const int tether_key = set.Add(fds.tether, 0);
  if (relay != nullptr) relay->Register(set);
  // The relay has deadlines of its own.
  if (set.Wait() < 0) return false;
  if (set.HasEvent(signal_key)) {
    signalfd_siginfo info;
    while (read(fds.child_signal, &info, sizeof(info)) > 0) {
    }
  }
  if (relay != nullptr) relay->Serve(set);
  if (set.HasEvent(control_key)) {
    // The commands are for a terminal or for a standard input that the shim
    // holds; a task whose streams are its own has neither.
    relay != nullptr ? relay->ServeControl(fds.control) : Drain(fds.control);
  }
  if (!set.HasEvent(tether_key)) return false;
  fds.tether = kNoFd;
  return true;
}

bool ReapChildren(pid_t* main_pid, int* wait_status) {
  while (true) {
    int status;
    const pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) return false;
    if (pid == 0) return true;
    if (pid == *main_pid) {
      *main_pid = 0;
      *wait_status = status;
    }
  }
}

int KillPause::NextMs() {
  const int now_ms = next_ms_;
  next_ms_ = now_ms * 2 < kMaxPauseMs ? now_ms * 2 : kMaxPauseMs;
  return now_ms;
}

}  // namespace reeve
