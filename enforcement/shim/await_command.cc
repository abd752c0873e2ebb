#include "enforcement/shim/await_command.h"

#include <errno.h>
#include <unistd.h>

#include "enforcement/shim/leftovers.h"
#include "enforcement/shim/start_report.h"

namespace reeve {
namespace {

// Whoever has asked may be gone, and needs no answer then.
void Report(int status_fd, int wait_status) {
  const ExitReport report = {wait_status};
  while (write(status_fd, &report, sizeof(report)) < 0 && errno == EINTR) {
  }
}

}  // namespace

void AwaitCommand(pid_t main_pid, int status_fd, EventFds fds) {
  KillPause pause;
  bool must_end = false;
  while (true) {
    int wait_status = 0;
    const bool ran = main_pid != 0;
    const bool has_children = ReapChildren(&main_pid, &wait_status);
    if (ran && main_pid == 0) {
      Report(status_fd, wait_status);
      fds.tether = kNoFd;
    }
    if (!has_children) return;
    if (must_end) KillChildren();
    if (AwaitEvent(fds, must_end ? pause.NextMs() : kForever)) must_end = true;
  }
}

}  // namespace reeve
