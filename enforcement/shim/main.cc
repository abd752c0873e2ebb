// reeve-shim: the parent of one task. It starts the task as a plan says, tells
// the agent once how that went, outlives the agent, reaps all that the task
// leaves, and writes down how the task ended before it ends itself. Of a
// further command in a running task it is the parent too, and tells its end
// instead.
//
// It allocates nothing, has one thread, and is linked without the C library's
// start-up code, so that hundreds of them weigh next to nothing.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enforcement/shim/await_command.h"
#include "enforcement/shim/await_task.h"
#include "enforcement/shim/child_events.h"
#include "enforcement/shim/descriptors.h"
#include "enforcement/shim/init_process.h"
#include "enforcement/shim/leftovers.h"
#include "enforcement/shim/monotonic_time.h"
#include "enforcement/shim/plan.h"
#include "enforcement/shim/process_stat.h"
#include "enforcement/shim/relay.h"
#include "enforcement/shim/runtime.h"
#include "enforcement/shim/spawn_child.h"
#include "enforcement/shim/start_report.h"
#include "enforcement/shim/state_file.h"
#include "enforcement/shim/text.h"
#include "enforcement/shim/time_slice.h"

namespace reeve {
namespace {

constexpr int kStartFailed = 1;
constexpr int kUsage = 2;

// Memory of the start only.
struct LoadedPlan {
  Plan plan;
  void* bytes = nullptr;
  size_t size = 0;
  void* pointers = nullptr;
  size_t pointers_size = 0;
};

bool Load(int fd, LoadedPlan* loaded) {
  struct stat file;
  if (fstat(fd, &file) != 0 || file.st_size <= 0) return false;
  loaded->size = static_cast<size_t>(file.st_size);
  // Private: the numbers of descriptors may be changed.
  loaded->bytes =
      mmap(nullptr, loaded->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  close(fd);
  if (loaded->bytes == MAP_FAILED) return false;

  const size_t count = PlanPointerCount(loaded->bytes, loaded->size);
  if (count == 0) return false;
  loaded->pointers_size = count * sizeof(char*);
  loaded->pointers =
      mmap(nullptr, loaded->pointers_size, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (loaded->pointers == MAP_FAILED) return false;
  return LayOutPlan(loaded->bytes, loaded->size,
                    static_cast<const char**>(loaded->pointers), &loaded->plan);
}

void Unload(const LoadedPlan& loaded) {
  munmap(loaded.bytes, loaded.size);
  munmap(loaded.pointers, loaded.pointers_size);
}

RelayBuffers g_relay_buffers;

// Descriptors that the shim keeps while the task runs.
struct Held {
  int state_dir_fd = kNoFd;
  EventFds events;
};

// Every signal that can be blocked is: what ends a task comes through the
// agent, and by its cgroup. SIGCHLD must not be ignored, or nothing is reaped.
int TakeSignals(int* child_signal_fd) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigset_t all;
  sigfillset(&all);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  if (sigaction(SIGCHLD, &action, nullptr) != 0 ||
      sigprocmask(SIG_SETMASK, &all, nullptr) != 0) {
    return errno;
  }
  *child_signal_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  return *child_signal_fd < 0 ? errno : 0;
}

// Open for both directions, neither open waits for another side. The `exit`
// fifo hangs up when the kernel closes it for us: not closed anywhere.
int OpenFifos(int state_dir_fd, int* control_fd) {
  if (openat(state_dir_fd, "exit", O_RDWR | O_NOFOLLOW | O_CLOEXEC) < 0) {
    return errno;
  }
  *control_fd = openat(state_dir_fd, "control",
                       O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  return *control_fd < 0 ? errno : 0;
}

// Steps of the start before there is a child.
ChildFailure Prepare(Plan& plan, Held* held) {
  int error = TakeSignals(&held->events.child_signal);
  if (error != 0) return {StartStage::kSignals, error};
  held->events.tether = plan.header->tether_fd;
  held->state_dir_fd = plan.header->state_dir_fd;
  if (plan.header->report_exit == 0) {
    error = OpenFifos(held->state_dir_fd, &held->events.control);
    if (error != 0) return {StartStage::kOpenFifos, error};
  }
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    return {StartStage::kSubreaper, errno};
  }
  return {};
}

int WriteIdentity(int state_dir_fd, pid_t pid, int64_t start_time) {
  // The pid comes last: who sees it can rely on the other.
  const int error = WriteNumberFile(state_dir_fd, "starttime", start_time);
  return error != 0 ? error : WriteNumberFile(state_dir_fd, "pid", pid);
}

// An agent that is gone does not matter: what it would have been told is in
// the state directory too.
void Tell(int status_fd, const StartReport& report) {
  while (write(status_fd, &report, sizeof(report)) < 0 && errno == EINTR) {
  }
}

int Fail(const Plan& plan, const ChildFailure& failure) {
  if (plan.header->state_dir_fd != kNoFd) {
    LogError(plan.header->state_dir_fd,
             Text()
                 .Add("start failed at stage ")
                 .AddNumber(static_cast<int64_t>(failure.stage))
                 .data(),
             failure.error_number);
  }
  StartReport report = {};
  report.failed_stage = failure.stage;
  report.error_number = failure.error_number;
  report.item = failure.item;
  Tell(plan.header->status_fd, report);
  return kStartFailed;
}

// Reads who the child is, and keeps it where there is a place for it. Returns 0
// or an errno value.
int Identify(pid_t pid, const Held& held, StartReport* report) {
  const int64_t start_time = ReadStartTime(pid);
  if (start_time < 0) return errno;
  report->pid = pid;
  report->start_time_ticks = static_cast<uint64_t>(start_time);
  return held.state_dir_fd == kNoFd
             ? 0
             : WriteIdentity(held.state_dir_fd, pid, start_time);
}

// Waits for the end of a task and writes it down. Returns the exit code.
int FinishTask(pid_t pid, bool lasts_with_cgroup,
               const Containment& containment, const Held& held, Relay* relay) {
  const TaskEnd end =
      AwaitTask(pid, lasts_with_cgroup, containment, held.events, relay);
  const int exit_error = WriteExitStatus(
      held.state_dir_fd, ExitStatusText(end.wait_status, end.unix_nanos));
  if (exit_error != 0) {
    LogError(held.state_dir_fd, "write exitStatus", exit_error);
  }
  // The exit fifo hangs up after it: who is told of the end finds all output.
  if (relay != nullptr) relay->Finish();
  return exit_error != 0 ? kStartFailed : 0;
}

int Run(int plan_fd) {
  StartReport report = {};
  report.marks[kShimRuns] = MonotonicNanos();
  LoadedPlan loaded;
  if (!Load(plan_fd, &loaded)) return kUsage;
  Plan& plan = loaded.plan;
  const int error = TakeDescriptors(plan);
  if (error != 0) return Fail(plan, {StartStage::kTakeDescriptors, error});
  Held held;
  ChildFailure failure = Prepare(plan, &held);
  if (failure.stage != StartStage::kNone) return Fail(plan, failure);

  const pid_t init = StartInit(plan, &failure);
  if (init < 0) return Fail(plan, failure);
  report.marks[kRootIsMade] = MonotonicNanos();
  const pid_t pid = SpawnChild(plan, &failure);
  if (pid < 0) {
    EndInit(init);
    return Fail(plan, failure);
  }
  report.marks[kProgramRuns] = MonotonicNanos();

  const Containment containment(*plan.header, init);
  const int state_error = Identify(pid, held, &report);
  if (state_error != 0) {
    EndTask(containment, held.events.child_signal);
    return Fail(plan, {StartStage::kWriteStateFiles, state_error});
  }
  const int status_fd = plan.header->status_fd;
  const bool reports_exit = plan.header->report_exit != 0;
  Tell(status_fd, report);
  if (!reports_exit) close(status_fd);
  // Not before: a session of its own is a scheduling group of its own where
  // the kernel groups by session, and a new one waits its turn. Until here all
  // signals of the agent's terminal are blocked.
  setsid();
  CloseStartDescriptors(plan);
  const bool lasts_with_cgroup = plan.header->lasts_with_cgroup != 0;
  const bool has_relay = plan.header->relay.is_used != 0;
  Relay relay(plan.header->relay, held.state_dir_fd, &g_relay_buffers);
  Unload(loaded);

  if (!reports_exit) {
    return FinishTask(pid, lasts_with_cgroup, containment, held,
                      has_relay ? &relay : nullptr);
  }
  AwaitCommand(pid, status_fd, held.events);
  return 0;
}

}  // namespace
}  // namespace reeve

extern "C" int ShimMain(int argc, char** argv) {
  if (argc != 2) {
    constexpr char kMessage[] = "reeve-shim: is started by reeve only\n";
    // There is nothing to do about a message that cannot be written.
    (void)!write(STDERR_FILENO, kMessage, strlen(kMessage));
    return reeve::kUsage;
  }
  // Nobody without privilege looks into it, by /proc or by ptrace(2).
  prctl(PR_SET_DUMPABLE, 0);
  // Executed by a descriptor, it would have the number of that as its name.
  prctl(PR_SET_NAME, "reeve-shim");
  reeve::UseShortTimeSlice();
  const int64_t plan_fd =
      reeve::ParseNumber(argv[1], argv[1] + strlen(argv[1]));
  return plan_fd < 0 ? reeve::kUsage : reeve::Run(static_cast<int>(plan_fd));
}
