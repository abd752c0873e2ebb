#include "enforcement/shim/await_task.h"

#include "enforcement/shim/init_process.h"
#include "enforcement/shim/wall_time.h"

namespace reeve {
namespace {

constexpr int kShortPauseMs = 1;

}  // namespace

TaskEnd AwaitTask(pid_t main_pid, bool lasts_with_cgroup,
                  const Containment& containment, EventFds fds, Relay* relay) {
  TaskEnd end;
  KillPause pause;
  bool must_end = false;
  while (true) {
    const bool main_ran = main_pid != 0;
    const bool has_children = ReapChildren(&main_pid, &end.wait_status);
    if (main_ran && main_pid == 0) {
      end.unix_nanos = UnixNanos();
      if (lasts_with_cgroup) LetInitEnd(containment.init);
    }
    const bool is_over = must_end || (main_pid == 0 && !lasts_with_cgroup);
    if (!has_children && !(is_over && HasCgroupProcesses(containment))) break;
    if (is_over) KillOnce(containment);
    if (AwaitEvent(fds, is_over ? pause.NextMs() : kForever, relay)) {
      must_end = true;
    }
  }
  if (lasts_with_cgroup) end.unix_nanos = UnixNanos();
  return end;
}

void EndTask(const Containment& containment, int child_signal_fd) {
  pid_t none = 0;
  int ignored;
  EventFds fds;
  fds.child_signal = child_signal_fd;
  while (ReapChildren(&none, &ignored)) {
    KillOnce(containment);
    AwaitEvent(fds, kShortPauseMs);
  }
}

}  // namespace reeve
