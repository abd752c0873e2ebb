#include "enforcement/cgroup/kill_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

namespace reeve {
namespace {

constexpr long kMaxPauseUsec = 10'000;

int WriteText(int fd, const char* text) {
  const size_t size = strlen(text);
  ssize_t n;
  do {
    // Offset 0: the descriptor may be read between two writes.
    n = pwrite(fd, text, size, 0);
  } while (n < 0 && errno == EINTR);
  return n < 0 ? errno : 0;
}

void SleepUsec(long usec) {
  timespec left = {usec / 1'000'000, usec % 1'000'000 * 1000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

long NowMs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

// A second open file of the same list. A v1 cgroup.procs answers a descriptor
// that has been read before from a list up to a second old (longer while it is
// being read), so each look at it takes a fresh one. Returns -1 without /proc.
int ReopenForReading(int fd) {
  char path[32] = "/proc/self/fd/";
  char digits[12];
  size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + fd % 10);
    fd /= 10;
  } while (fd > 0);
  size_t length = strlen(path);
  while (count > 0) path[length++] = digits[--count];
  path[length] = '\0';
  return open(path, O_RDONLY | O_CLOEXEC);
}

// Calls `visit(pid, context)` for each line of the list, however long it is,
// until it returns false. Pid 0, a process that has no number in our pid
// namespace, is passed too.
int ForEachPid(int procs_fd, bool (*visit)(pid_t pid, void* context),
               void* context) {
  if (procs_fd < 0) return EBADF;
  const int fresh = ReopenForReading(procs_fd);
  const int fd = fresh >= 0 ? fresh : procs_fd;

  int error = 0;
  bool go_on = true;
  off_t offset = 0;
  pid_t pid = 0;
  bool in_number = false;
  while (go_on) {
    char chunk[1024];
    const ssize_t n = pread(fd, chunk, sizeof(chunk), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) error = errno;
    if (n <= 0) break;
    offset += n;
    // A number may be cut by the end of the chunk: it goes on in the next.
    for (ssize_t i = 0; i < n && go_on; ++i) {
      if (chunk[i] >= '0' && chunk[i] <= '9') {
        pid = pid * 10 + (chunk[i] - '0');
        in_number = true;
      } else if (in_number) {
        go_on = visit(pid, context);
        pid = 0;
        in_number = false;
      }
    }
  }
  if (fresh >= 0) close(fresh);
  return error;
}

bool KillPid(pid_t pid, void* context) {
  // kill(0) would be our own process group.
  if (pid <= 0) return true;
  if (kill(pid, SIGKILL) != 0 && errno != ESRCH) {
    *static_cast<int*>(context) = errno;
  }
  return true;
}

bool NoteAny(pid_t /*pid*/, void* context) {
  *static_cast<bool*>(context) = true;
  return false;
}

// Waits until a v1 cgroup is frozen: it is "FREEZING" for as long as a process
// is on its way, and a process it forks meanwhile is frozen too. Not for ever,
// since one in an uninterruptible sleep holds it up.
void AwaitFrozen(int freezer_state_fd) {
  for (int i = 0; i < 50; ++i) {
    char state[16];
    const ssize_t n = pread(freezer_state_fd, state, sizeof(state), 0);
    if (n < 0 || (n >= 6 && memcmp(state, "FROZEN", 6) == 0)) return;
    SleepUsec(1000);
  }
}

void Freeze(int freeze_fd, FreezeFile freeze_file) {
  switch (freeze_file) {
    case FreezeFile::kNone:
      return;
    case FreezeFile::kFreezerState:
      if (WriteText(freeze_fd, "FROZEN") == 0) AwaitFrozen(freeze_fd);
      return;
    case FreezeFile::kCgroupFreeze:
      WriteText(freeze_fd, "1");
      return;
  }
}

int Thaw(int freeze_fd, FreezeFile freeze_file) {
  switch (freeze_file) {
    case FreezeFile::kNone:
      return 0;
    case FreezeFile::kFreezerState:
      return WriteText(freeze_fd, "THAWED");
    case FreezeFile::kCgroupFreeze:
      return WriteText(freeze_fd, "0");
  }
  return 0;
}

}  // namespace

int KillCgroupOnce(int kill_fd, int procs_fd, int freeze_fd,
                   FreezeFile freeze_file) {
  if (kill_fd >= 0) return WriteText(kill_fd, "1");

  // A cgroup that cannot be frozen is still killed: only a process that forks
  // faster than it is killed gets away, and then for one round.
  Freeze(freeze_fd, freeze_file);
  int kill_error = 0;
  const int list_error = ForEachPid(procs_fd, KillPid, &kill_error);
  // A v1 process acts on its SIGKILL only when it is thawed.
  const int thaw_error = Thaw(freeze_fd, freeze_file);
  if (list_error != 0) return list_error;
  return kill_error != 0 ? kill_error : thaw_error;
}

int CgroupHasProcesses(int procs_fd, bool* has_processes) {
  *has_processes = false;
  return ForEachPid(procs_fd, NoteAny, has_processes);
}

int KillCgroupUntilEmpty(int kill_fd, int procs_fd, int freeze_fd,
                         FreezeFile freeze_file, long timeout_ms) {
  const long deadline = NowMs() + timeout_ms;
  long pause_usec = 200;
  while (true) {
    const int kill_error =
        KillCgroupOnce(kill_fd, procs_fd, freeze_fd, freeze_file);
    if (kill_error != 0) return kill_error;

    bool has_processes = false;
    const int list_error = CgroupHasProcesses(procs_fd, &has_processes);
    if (list_error != 0) return list_error;
    if (!has_processes) return 0;
    if (NowMs() >= deadline) return ETIMEDOUT;
    SleepUsec(pause_usec);
    if (pause_usec < kMaxPauseUsec) pause_usec *= 2;
  }
}

}  // namespace reeve
