#include "enforcement/shim/init_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enforcement/shim/cgroup_entry.h"
#include "enforcement/shim/clone_calls.h"
#include "enforcement/shim/init_filter.h"
#include "enforcement/shim/mount_calls.h"
#include "enforcement/shim/namespaces.h"
#include "enforcement/shim/privileges.h"
#include "enforcement/shim/system_result.h"
#include "enforcement/shim/task_root.h"
#include "enforcement/shim/text.h"
#include "enforcement/shim/write_once.h"

namespace reeve {
namespace {

// A real-time signal: of these each is delivered, whoever sends others.
constexpr int kEndSignal = 40;

// Signals are blocked from birth, and so are not lost before they are waited
// for, which the first process of a namespace would else not get at all.
[[noreturn]] void ReapForever() {
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, kEndSignal);
  bool must_end = false;
  while (true) {
    int ignored;
    pid_t reaped;
    do {
      reaped = waitpid(-1, &ignored, WNOHANG);
    } while (reaped > 0);
    if (reaped < 0 && errno == ECHILD && must_end) _exit(0);
    constexpr long kSignalSetSize = 8;
    siginfo_t info = {};
    const long signal_number =
        syscall(SYS_rt_sigtimedwait, &awaited, &info, nullptr, kSignalSetSize);
    // From outside of the namespace, where its senders have no pid.
    if (signal_number == kEndSignal && info.si_pid == 0) must_end = true;
  }
}

ChildFailure MakeSurroundings(const Plan& plan) {
  ChildFailure failure = FinishNamespaces(plan);
  if (!failure.is_set() && setsid() < 0) {
    failure = {StartStage::kNewSession, errno};
  }
  if (!failure.is_set()) failure = EnterTaskRoot(plan);
  if (!failure.is_set()) failure = JoinSessionKeyring(plan.header->isolation);
  return failure;
}

// What it does from now on needs none.
ChildFailure DropPrivileges() {
  PlanIsolation none;
  none.has_capabilities = 1;
  ChildFailure failure = BoundCapabilities(none);
  if (!failure.is_set()) failure = SetCapabilities(none);
  if (!failure.is_set()) failure = ForgoNewPrivileges();
  return failure;
}

void CloseAllBut(int kept) {
  // The plan's descriptors are above the standard streams, and pipes too.
  close_range(0, static_cast<unsigned>(kept - 1), 0);
  close_range(static_cast<unsigned>(kept + 1), ~0u, 0);
}

// Whom the maps make of it is told to the process when they are there. Root of
// the new namespace makes files that have owners there.
ChildFailure AwaitIdMaps(const Plan& plan, int mapped_fd) {
  if (plan.uid_map[0] == '\0') return {};
  char go;
  ssize_t n;
  do {
    n = read(mapped_fd, &go, 1);
  } while (n < 0 && errno == EINTR);
  // The shim says itself what kept it from writing them.
  if (n != 1) _exit(1);
  const bool is_root = setgroups(0, nullptr) == 0 && setresgid(0, 0, 0) == 0 &&
                       setresuid(0, 0, 0) == 0;
  return FailureOf(StartStage::kIdMap, is_root ? 0 : errno);
}

struct InitPipes {
  int ready_fd;
  int mapped_fd;
};

[[noreturn]] void RunInit(const Plan& plan, bool is_in_cgroup,
                          const InitPipes& pipes) {
  const int ready_fd = pipes.ready_fd;
  syscall(SYS_prctl, PR_SET_NAME, "reeve-init");
  ChildFailure failure =
      FailureOf(StartStage::kEnterCgroup, EnterCgroups(plan, is_in_cgroup));
  if (!failure.is_set()) failure = AwaitIdMaps(plan, pipes.mapped_fd);
  if (!failure.is_set()) failure = MakeSurroundings(plan);
  if (!failure.is_set()) failure = DropPrivileges();
  if (!failure.is_set()) failure = InstallInitFilter();
  // Before anything of the task runs, nothing of the host is open here.
  CloseAllBut(ready_fd);
  // Whole or not at all: it is smaller than PIPE_BUF.
  const bool told = write(ready_fd, &failure, sizeof(failure)) ==
                    static_cast<ssize_t>(sizeof(failure));
  if (failure.is_set() || !told) _exit(1);
  close(ready_fd);
  ReapForever();
}

// Waits for the word of the new process.
ChildFailure AwaitReady(int ready_fd) {
  ChildFailure failure;
  ssize_t n;
  do {
    n = read(ready_fd, &failure, sizeof(failure));
  } while (n < 0 && errno == EINTR);
  if (n != static_cast<ssize_t>(sizeof(failure))) {
    return {StartStage::kInit, n < 0 ? errno : ECHILD};
  }
  return failure;
}

// The program joins what is there by now, and makes none of it.
ChildFailure JoinInit(PlanIsolation& isolation, pid_t init) {
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, init, 0));
  if (pidfd < 0) return {StartStage::kInit, errno};
  isolation.join_fd = pidfd;
  isolation.join_namespaces = isolation.new_namespaces;
  if (isolation.network_fd != kNoFd) isolation.join_namespaces |= CLONE_NEWNET;
  if (isolation.root_kind == RootKind::kChroot) {
    const Text path = Text().Add("/proc/").AddNumber(init).Add("/root");
    isolation.join_root_fd = open(path.data(), kPathOnly | O_CLOEXEC);
    if (isolation.join_root_fd < 0) return {StartStage::kInit, errno};
  }
  if (isolation.root_fd != kNoFd) close(isolation.root_fd);
  if (isolation.network_fd != kNoFd) close(isolation.network_fd);
  isolation.root_fd = kNoFd;
  isolation.network_fd = kNoFd;
  isolation.new_namespaces = 0;
  isolation.root_kind = RootKind::kInherited;
  return {};
}

int WriteMap(pid_t pid, const char* file, const char* map) {
  const Text path = Text().Add("/proc/").AddNumber(pid).Add(file);
  return WriteOnceAt(AT_FDCWD, path.data(), map, strlen(map));
}

// The files of the root keep their owners as the new namespace sees them.
int MapRoot(pid_t pid, int root_fd) {
  const Text path = Text().Add("/proc/").AddNumber(pid).Add("/ns/user");
  const int user = open(path.data(), O_RDONLY | O_CLOEXEC);
  if (user < 0) return errno;
  mount_attr attr = {};
  attr.attr_set = MOUNT_ATTR_IDMAP;
  attr.userns_fd = static_cast<uint64_t>(user);
  const int error =
      SetMountAttributes(root_fd, kRecursive, attr) < 0 ? errno : 0;
  close(user);
  return error;
}

ChildFailure MapIds(const Plan& plan, pid_t init, int mapped_fd) {
  if (plan.uid_map[0] == '\0') return {};
  int error = WriteMap(init, "/uid_map", plan.uid_map);
  if (error == 0) error = WriteMap(init, "/gid_map", plan.gid_map);
  if (error != 0) return {StartStage::kIdMap, error};
  error = MapRoot(init, plan.header->isolation.root_fd);
  if (error != 0) return {StartStage::kIdMapOfRoot, error};
  return FailureOf(StartStage::kIdMap, WriteOnce(mapped_fd, "m", 1));
}

struct Pipe {
  int read_end = kNoFd;
  int write_end = kNoFd;
};

int MakePipe(Pipe* made) {
  int fds[2];
  if (syscall(SYS_pipe2, fds, O_CLOEXEC) < 0) return errno;
  made->read_end = fds[0];
  made->write_end = fds[1];
  return 0;
}

void Close(int fd) {
  if (fd != kNoFd) close(fd);
}

// Runs in the shim, with a pipe for the word of the new process and one for the
// word that its ids are mapped. Sets *init.
ChildFailure ForkInit(Plan& plan, const Pipe& ready, const Pipe& mapped,
                      pid_t* init) {
  bool is_in_cgroup = false;
  const long pid = Fork(plan, &is_in_cgroup);
  if (pid == 0) {
    // Else it would wait for itself.
    Close(mapped.write_end);
    RunInit(plan, is_in_cgroup, {ready.write_end, mapped.read_end});
  }
  close(ready.write_end);
  if (pid < 0) return {StartStage::kClone, static_cast<int>(-pid)};
  *init = static_cast<pid_t>(pid);
  ChildFailure failure = MapIds(plan, *init, mapped.write_end);
  if (!failure.is_set()) failure = AwaitReady(ready.read_end);
  if (!failure.is_set()) failure = JoinInit(plan.header->isolation, *init);
  return failure;
}

}  // namespace

pid_t StartInit(Plan& plan, ChildFailure* failure) {
  if (plan.header->isolation.has_init == 0) return 0;
  Pipe ready;
  Pipe mapped;
  int error = MakePipe(&ready);
  if (error == 0 && plan.uid_map[0] != '\0') error = MakePipe(&mapped);
  pid_t init = -1;
  *failure = error != 0 ? ChildFailure{StartStage::kInit, error}
                        : ForkInit(plan, ready, mapped, &init);
  Close(ready.read_end);
  Close(mapped.read_end);
  Close(mapped.write_end);
  if (!failure->is_set()) return init;
  EndInit(init);
  return -1;
}

void EndInit(pid_t init) {
  if (init <= 0) return;
  kill(init, SIGKILL);
  Reap(init);
}

void LetInitEnd(pid_t init) {
  if (init > 0) kill(init, kEndSignal);
}

}  // namespace reeve
