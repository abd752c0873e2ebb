#include "enforcement/shim/child_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enforcement/shim/cgroup_entry.h"
#include "enforcement/shim/namespaces.h"
#include "enforcement/shim/privileges.h"
#include "enforcement/shim/system_result.h"
#include "enforcement/shim/task_root.h"
#include "enforcement/shim/text.h"
#include "enforcement/shim/time_slice.h"
#include "enforcement/shim/write_once.h"

namespace reeve {
namespace {

// Of the kernel, which has 64 of them.
constexpr int kSignalCount = 64;
// Seen by the shim alone, which reads the failure instead.
constexpr int kFailedExitCode = 127;
// What the kernel took and then did not show: it answers this to nothing here.
constexpr int kReadBackDiffers = EPROTO;

// Each step returns 0 or an errno value.

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

int SetResourceLimit(const PlanRlimit& wanted) {
  const auto resource = static_cast<__rlimit_resource>(wanted.resource);
  const rlimit limit = {wanted.soft, wanted.hard};
  if (setrlimit(resource, &limit) != 0) return errno;
  rlimit now;
  if (getrlimit(resource, &now) != 0) return errno;
  return now.rlim_cur == limit.rlim_cur && now.rlim_max == limit.rlim_max
             ? 0
             : kReadBackDiffers;
}

// sched_setscheduler(2), whose header knows no SCHED_ constant but for GNU.
int SetPolicy(const PlanHeader& header) {
  if (header.has_policy == 0) return 0;
  // The short slice of the start would stay with a policy that has none.
  UseDefaultTimeSlice();
  const int32_t priority = header.policy_priority;
  if (syscall(SYS_sched_setscheduler, 0, header.policy, &priority) != 0) {
    return errno;
  }
  return syscall(SYS_sched_getscheduler, 0) == header.policy ? 0
                                                             : kReadBackDiffers;
}

// The agent may be protected from the out-of-memory killer; its tasks are not
// unless that is asked for.
int SetOomScore(const PlanHeader& header) {
  const Text score = Text().AddNumber(header.oom_score_adj);
  const int error = WriteOnceAt(AT_FDCWD, "/proc/self/oom_score_adj",
                                score.data(), score.size());
  // Without CAP_SYS_RESOURCE a score above 0 cannot be lowered: it stays.
  return error == EACCES && header.has_oom_score_adj == 0 ? 0 : error;
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

// Of the session that the child leads. It is nobody else's: it was made for the
// task.
int TakeTerminal(const PlanHeader& header) {
  if (header.controlling_tty == 0) return 0;
  return Check(ioctl(STDIN_FILENO, TIOCSCTTY, 0));
}

int RestrictFiles(int ruleset_fd) {
  return Check(
      static_cast<int>(syscall(SYS_landlock_restrict_self, ruleset_fd, 0)));
}

// All descriptors of the shim are closed by execve() anyway, but only when it
// has found the program: by /proc/self/fd, a link or a script in the task's
// root could name one of the host's.
int CloseRest() {
  if (close_range(3, ~0u, 0) == 0) return 0;
  // Kernels before 5.9, where no task has a root of its own.
  return errno == ENOSYS ? 0 : errno;
}

// Where the program is, the first place that has one. Returns an errno value,
// and sets *item as StartReport has it. argv[0] is the path that was run.
int RunProgram(const Plan& plan, int* item) {
  const auto count = static_cast<int>(plan.header->program_count);
  int error = ENOENT;
  for (int i = 0; i < count; ++i) {
    plan.argv[0] = plan.programs[i];
    execve(plan.argv[0], const_cast<char* const*>(plan.argv),
           const_cast<char* const*>(plan.envp));
    const int why = errno;
    if (why == ENOTDIR) continue;
    const bool is_there =
        why != ENOENT || syscall(SYS_faccessat, AT_FDCWD, plan.argv[0], 0) == 0;
    if (!is_there) continue;
    error = why;
    *item = i | kProgramIsThere;
    // As a shell does: what may not be run may be found further on.
    if (why != EACCES) return error;
  }
  return error;
}

class Steps {
 public:
  explicit Steps(ChildFailure* failure) : failure_(failure) {}

  // Each ends the child if the step failed.
  void Done(const ChildFailure& step) const {
    if (!step.is_set()) return;
    *failure_ = step;
    _exit(kFailedExitCode);
  }

  void Done(StartStage stage, int error_number, int item = 0) const {
    Done(FailureOf(stage, error_number, item));
  }

 private:
  ChildFailure* failure_;
};

void EnterContainment(const ChildPlan& child, const Steps& steps) {
  const Plan& plan = *child.plan;
  steps.Done(StartStage::kEnterCgroup, EnterCgroups(plan, child.is_in_cgroup));
  steps.Done(FinishNamespaces(plan));
  if (child.sibling == nullptr) {
    steps.Done(StartStage::kNewSession, Check(setsid()));
  }
  steps.Done(StartStage::kSignals, ResetSignals());
  // While the host's /proc is in sight.
  steps.Done(StartStage::kOomScore, SetOomScore(*plan.header));
  steps.Done(SetLabel(plan));
  steps.Done(JoinNamespaces(plan.header->isolation));
  steps.Done(EnterTaskRoot(plan));
  steps.Done(JoinSessionKeyring(plan.header->isolation));
}

void SetProcessProperties(const ChildPlan& child, const Steps& steps) {
  const Plan& plan = *child.plan;
  const PlanHeader& header = *plan.header;
  // The agent's may have been started otherwise, by setarch(8) for example.
  syscall(SYS_personality, 0L);
  umask(header.umask);
  steps.Done(StartStage::kWorkingDirectory, EnterWorkingDirectory(plan.cwd));
  steps.Done(StartStage::kStandardStreams, SetStandardStreams(header));
  if (child.sibling == nullptr) {
    steps.Done(StartStage::kControllingTty, TakeTerminal(header));
  }
  steps.Done(StartStage::kNice,
             Check(setpriority(PRIO_PROCESS, 0, header.nice)));
  steps.Done(StartStage::kSchedulingPolicy, SetPolicy(header));
  // After all that opens a file, and while the user is the agent's, who may
  // raise a hard limit.
  for (uint32_t i = 0; i < header.rlimit_count; ++i) {
    const PlanRlimit& rlimit = plan.rlimits[i];
    steps.Done(StartStage::kResourceLimits, SetResourceLimit(rlimit),
               rlimit.resource);
  }
}

void SetIdentity(const Plan& plan, const Steps& steps) {
  const PlanHeader& header = *plan.header;
  if (header.has_credentials != 0) {
    steps.Done(StartStage::kGroups, SetGroups(plan));
    steps.Done(StartStage::kGroupId,
               Check(setresgid(header.gid, header.gid, header.gid)));
  }
  steps.Done(BoundCapabilities(header.isolation));
  if (header.has_credentials != 0) {
    steps.Done(StartStage::kUserId,
               Check(setresuid(header.uid, header.uid, header.uid)));
  }
  steps.Done(SetCapabilities(header.isolation));
}

// A task that may trace could have the sibling make calls before it has its
// filter, if that came after: then the filter has to let it be made too.
bool MayTrace(const PlanIsolation& isolation) {
  return isolation.has_capabilities == 0 ||
         (isolation.capabilities.bounding >> CAP_SYS_PTRACE & 1) != 0;
}

// Whoever comes to be in the pid namespace of a running task can be looked into
// by those of it that may trace: it has come there without privileges, what it
// saw of the host, and memory of the shim. Only the sibling returns.
void BecomeSibling(const ChildPlan& child, const Steps& steps) {
  // The pid is written at once: this process may be killed while it waits.
  constexpr long kFlags = CLONE_PARENT | CLONE_VFORK | CLONE_PARENT_SETTID;
  const long pid =
      syscall(SYS_clone, kFlags | SIGCHLD, 0L, child.sibling, 0L, 0L);
  if (pid < 0) steps.Done(StartStage::kClone, errno);
  if (pid != 0) _exit(0);
  steps.Done(StartStage::kNewSession, Check(setsid()));
  steps.Done(StartStage::kControllingTty, TakeTerminal(*child.plan->header));
}

}  // namespace

void RunChild(const ChildPlan& child) {
  const Plan& plan = *child.plan;
  const PlanHeader& header = *plan.header;
  const Steps steps(child.failure);

  EnterContainment(child, steps);
  SetProcessProperties(child, steps);
  const bool gains_none = header.isolation.has_no_new_privileges != 0 ||
                          header.landlock_fd != kNoFd;
  // Only somebody with privileges may install a filter and still gain some:
  // before they go, with calls in the filter that are only made here.
  if (!gains_none) steps.Done(InstallFilter(plan));
  SetIdentity(plan, steps);
  if (gains_none) steps.Done(ForgoNewPrivileges());
  // Last of what opens files; what follows asks for the program alone.
  if (header.landlock_fd != kNoFd) {
    steps.Done(StartStage::kLandlock, RestrictFiles(header.landlock_fd));
  }
  steps.Done(StartStage::kCloseOnExec, CloseRest());
  const bool filters_sibling =
      gains_none && child.sibling != nullptr && MayTrace(header.isolation);
  if (filters_sibling) steps.Done(InstallFilter(plan));
  if (child.sibling != nullptr) BecomeSibling(child, steps);
  UseDefaultTimeSlice();
  if (gains_none && !filters_sibling) steps.Done(InstallFilter(plan));
  int item = 0;
  const int error = RunProgram(plan, &item);
  steps.Done(StartStage::kExec, error, item);
  __builtin_unreachable();
}

}  // namespace reeve
