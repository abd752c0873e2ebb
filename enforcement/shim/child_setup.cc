#include "enforcement/shim/child_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enforcement/shim/time_slice.h"

namespace reeve {
namespace {

// Of the kernel, which has 64 of them.
constexpr int kSignalCount = 64;
// Seen by the shim alone, which reads the failure instead.
constexpr int kFailedExitCode = 127;

// Each step returns 0 or an errno value.

int Check(int result) { return result < 0 ? errno : 0; }

int WriteOnce(int fd, const char* text, size_t size) {
  ssize_t n;
  do {
    n = write(fd, text, size);
  } while (n < 0 && errno == EINTR);
  return n < 0 ? errno : 0;
}

int WriteOnceAt(int dir_fd, const char* path, const char* text, size_t size) {
  const int fd = openat(dir_fd, path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = WriteOnce(fd, text, size);
  close(fd);
  return error;
}

// "0" is whoever writes it. A v1 `tasks` file, unlike cgroup.procs, moves a
// single thread without waiting for the whole machine to pass a grace period.
int EnterCgroups(const ChildPlan& child) {
  const Plan& plan = *child.plan;
  for (uint32_t i = 0; i < plan.header->tasks_fd_count; ++i) {
    const int error = WriteOnce(plan.tasks_fds[i], "0", 1);
    if (error != 0) return error;
  }
  if (child.is_in_cgroup || plan.header->cgroup_dir_fd == kNoFd) return 0;
  return WriteOnceAt(plan.header->cgroup_dir_fd, "cgroup.procs", "0", 1);
}

// Ignored signals stay ignored over execve(), blocked ones blocked.
int ResetSignals() {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  for (int signal_number = 1; signal_number <= kSignalCount; ++signal_number) {
    // SIGKILL and SIGSTOP refuse, and are always at their default.
    sigaction(signal_number, &action, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  return Check(sigprocmask(SIG_SETMASK, &none, nullptr));
}

int SetResourceLimits(const PlanHeader& header) {
  if (header.has_nofile == 0) return 0;
  const rlimit nofile = {header.nofile_soft, header.nofile_hard};
  return Check(setrlimit(RLIMIT_NOFILE, &nofile));
}

// The agent may be protected from the out-of-memory killer; its tasks are not.
int ResetOomScore() {
  const int error = WriteOnceAt(AT_FDCWD, "/proc/self/oom_score_adj", "0", 1);
  // Without CAP_SYS_RESOURCE a score above 0 cannot be lowered: it stays.
  return error == EACCES ? 0 : error;
}

// Static: the child's stack is small.
char g_cwd[PATH_MAX];

int EnterWorkingDirectory(const char* cwd) {
  if (chdir(cwd) != 0) return errno;
  // "(unreachable)" is what the kernel says of a directory that our root does
  // not contain, as /proc/self/fd/N may be.
  if (getcwd(g_cwd, sizeof(g_cwd)) == nullptr) return errno;
  return g_cwd[0] == '/' ? 0 : EXDEV;
}

int SetGroups(const Plan& plan) {
  static_assert(sizeof(gid_t) == sizeof(*plan.groups), "ids are 32 bits");
  return Check(setgroups(plan.header->group_count, plan.groups));
}

// The sources are all above 2.
int SetStandardStreams(const PlanHeader& header) {
  const int sources[] = {header.stdin_fd, header.stdout_fd, header.stderr_fd};
  for (int target = 0; target < 3; ++target) {
    if (dup3(sources[target], target, 0) < 0) return errno;
  }
  return 0;
}

// Belt and braces: all descriptors of the shim have the flag from birth.
int CloseRestOnExec() {
  if (close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0) return 0;
  // Kernels before 5.11.
  return errno == ENOSYS || errno == EINVAL ? 0 : errno;
}

class Steps {
 public:
  explicit Steps(ChildFailure* failure) : failure_(failure) {}

  // Ends the child if the step failed.
  void Done(StartStage stage, int error_number) const {
    if (error_number == 0) return;
    failure_->stage = stage;
    failure_->error_number = error_number;
    _exit(kFailedExitCode);
  }

 private:
  ChildFailure* failure_;
};

}  // namespace

void RunChild(const ChildPlan& child) {
  const Plan& plan = *child.plan;
  const PlanHeader& header = *plan.header;
  const Steps steps(child.failure);

  steps.Done(StartStage::kEnterCgroup, EnterCgroups(child));
  steps.Done(StartStage::kNewSession, Check(setsid()));
  steps.Done(StartStage::kSignals, ResetSignals());
  steps.Done(StartStage::kResourceLimits, SetResourceLimits(header));
  steps.Done(StartStage::kNice,
             Check(setpriority(PRIO_PROCESS, 0, header.nice)));
  steps.Done(StartStage::kOomScore, ResetOomScore());
  umask(header.umask);
  steps.Done(StartStage::kWorkingDirectory, EnterWorkingDirectory(plan.cwd));
  if (header.has_credentials != 0) {
    steps.Done(StartStage::kGroups, SetGroups(plan));
    steps.Done(StartStage::kGroupId,
               Check(setresgid(header.gid, header.gid, header.gid)));
    steps.Done(StartStage::kUserId,
               Check(setresuid(header.uid, header.uid, header.uid)));
  }
  steps.Done(StartStage::kStandardStreams, SetStandardStreams(header));
  steps.Done(StartStage::kCloseOnExec, CloseRestOnExec());
  UseDefaultTimeSlice();
  execve(plan.argv[0], const_cast<char* const*>(plan.argv),
         const_cast<char* const*>(plan.envp));
  steps.Done(StartStage::kExec, errno);
  __builtin_unreachable();
}

}  // namespace reeve
