#include "enforcement/shim/leftovers.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

namespace reeve {
namespace {

FreezeFile FreezeFileOf(const PlanHeader& header) {
  if (header.freeze_fd == kNoFd) return FreezeFile::kNone;
  return header.freeze_is_v1 != 0 ? FreezeFile::kFreezerState
                                  : FreezeFile::kCgroupFreeze;
}

}  // namespace

void KillChildren() {
  // A child that has not been reaped keeps its pid, so none of these can be
  // another process by now.
  // "PID PID ... PID ", of the calling thread, since Linux 3.5.
  const int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  char chunk[512];
  pid_t pid = 0;
  ssize_t n;
  // A number may be cut by the end of the chunk: it goes on in the next.
  while ((n = read(fd, chunk, sizeof(chunk))) > 0) {
    for (ssize_t i = 0; i < n; ++i) {
      if (chunk[i] >= '0' && chunk[i] <= '9') {
        pid = pid * 10 + (chunk[i] - '0');
      } else {
        // kill(0) would be our own process group.
        if (pid > 0) kill(pid, SIGKILL);
        pid = 0;
      }
    }
  }
  close(fd);
}

Containment::Containment(const PlanHeader& header, pid_t init_pid)
    : kill_fd(header.kill_fd),
      procs_fd(header.procs_fd),
      freeze_fd(header.freeze_fd),
      freeze_file(FreezeFileOf(header)),
      init(init_pid) {}

bool HasCgroupProcesses(const Containment& containment) {
  bool has_processes = false;
  return containment.procs_fd != kNoFd &&
         CgroupHasProcesses(containment.procs_fd, &has_processes) == 0 &&
         has_processes;
}

void KillOnce(const Containment& containment) {
  if (containment.kill_fd != kNoFd || containment.procs_fd != kNoFd) {
    // An error is that of a cgroup which is gone, with its processes.
    KillCgroupOnce(containment.kill_fd, containment.procs_fd,
                   containment.freeze_fd, containment.freeze_file);
  }
  KillChildren();
}

}  // namespace reeve
