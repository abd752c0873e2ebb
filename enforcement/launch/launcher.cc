#include "enforcement/launch/launcher.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/launch/plan_writer.h"
#include "enforcement/launch/shim_log.h"
#include "enforcement/launch/shim_process.h"
#include "enforcement/launch/start_error.h"
#include "enforcement/launch/stdio.h"
#include "enforcement/shim/attach_message.h"
#include "enforcement/shim/process_stat.h"

namespace reeve {
namespace {

constexpr char kExitFifo[] = "exit";
constexpr char kControlFifo[] = "control";
constexpr char kShimLog[] = "shim.log";
constexpr mode_t kFifoMode = 0600;

// The files that a launch makes in the state directory: gone again unless the
// launch succeeds.
class StateFiles {
 public:
  // `state_dir_fd` is borrowed.
  explicit StateFiles(int state_dir_fd) : state_dir_fd_(state_dir_fd) {}
  ~StateFiles() {
    if (made_) RemoveLaunchFiles(state_dir_fd_);
  }
  StateFiles(const StateFiles&) = delete;
  StateFiles& operator=(const StateFiles&) = delete;

  // Makes the fifos; returns the read end of `exit`. It is open before there
  // is a writer, so that no hang-up is missed.
  absl::StatusOr<UniqueFd> Make() {
    if (mkfifoat(state_dir_fd_, kExitFifo, kFifoMode) != 0) {
      // Not ours: another task's, perhaps.
      return ErrnoStatus(errno, "make the exit fifo in the state directory");
    }
    made_ = true;
    if (mkfifoat(state_dir_fd_, kControlFifo, kFifoMode) != 0) {
      return ErrnoStatus(errno, "make the control fifo in the state directory");
    }
    return OpenAt(state_dir_fd_, kExitFifo, O_RDONLY | O_NONBLOCK);
  }

  std::string FirstError() const {
    const absl::StatusOr<std::string> log = ReadFileAt(state_dir_fd_, kShimLog);
    return log.ok() ? FirstShimError(*log) : "";
  }

  void Keep() { made_ = false; }

 private:
  const int state_dir_fd_;
  bool made_ = false;
};

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

absl::StatusOr<Pipe> MakePipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) {
    return ErrnoStatus(errno, "make a pipe for a launch");
  }
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

absl::Status FillStreams(LaunchRequest& request) {
  if (!request.stdin_fd) {
    absl::StatusOr<UniqueFd> fd = OpenTaskInput("");
    if (!fd.ok()) return fd.status();
    request.stdin_fd = *std::move(fd);
  }
  for (UniqueFd* stream : {&request.stdout_fd, &request.stderr_fd}) {
    if (*stream) continue;
    absl::StatusOr<UniqueFd> fd = OpenTaskOutput("");
    if (!fd.ok()) return fd.status();
    *stream = *std::move(fd);
  }
  return absl::OkStatus();
}

std::string DescribeEnd(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return absl::StrCat("killed by signal ", WTERMSIG(wait_status));
  }
  return absl::StrCat("exit code ", WEXITSTATUS(wait_status));
}

// Starts the shim and returns its pid, with the read end of its status pipe.
// No write end is left here when it returns.
absl::StatusOr<pid_t> Spawn(const ShimProgram& shim,
                            const LaunchRequest& request, PlanPurpose purpose,
                            UniqueFd* status_read_end) {
  absl::StatusOr<Pipe> status_pipe = MakePipe();
  if (!status_pipe.ok()) return status_pipe.status();
  const int status_fd = status_pipe->write_end.get();
  const absl::StatusOr<UniqueFd> plan =
      SealPlan(EncodePlan(request, purpose, status_fd));
  if (!plan.ok()) return plan.status();
  *status_read_end = std::move(status_pipe->read_end);
  return shim.Spawn(plan->get(), PlanDescriptors(request, status_fd));
}

// The error of a shim that has not reported; it is gone afterwards. `files` is
// null where it has none.
absl::Status GiveUp(pid_t shim, const LaunchRequest& request,
                    const absl::Status& why, const StateFiles* files) {
  if (!absl::IsUnavailable(why)) {
    KillShim(shim, request.cgroup);
    return absl::Status(why.code(), absl::StrCat("exec ", request.program, ": ",
                                                 why.message()));
  }
  const int wait_status = ReapChild(shim);
  // Killed after it had started something, it leaves that behind.
  KillTask(request.cgroup);
  const std::string logged = files == nullptr ? "" : files->FirstError();
  return absl::UnavailableError(
      absl::StrCat(why.message(), " (", DescribeEnd(wait_status), ")",
                   logged.empty() ? "" : ": ", logged));
}

}  // namespace

void RemoveLaunchFiles(int state_dir_fd) {
  for (const char* name :
       {kExitFifo, kControlFifo, kShimLog, kAttachSocket, "pid", "starttime",
        "exitStatus", "exitStatus.tmp"}) {
    unlinkat(state_dir_fd, name, 0);
  }
}

Launcher::Launcher(Options options)
    : options_(std::move(options)), shim_(options_.shim_path) {}

absl::StatusOr<LaunchedTask> Launcher::Launch(LaunchRequest request) const {
  const absl::Status streams = FillStreams(request);
  if (!streams.ok()) return streams;
  StateFiles files(request.state_dir.get());
  absl::StatusOr<UniqueFd> exit_fifo = files.Make();
  if (!exit_fifo.ok()) return exit_fifo.status();

  UniqueFd status_fd;
  const absl::StatusOr<pid_t> shim =
      Spawn(shim_, request, PlanPurpose::kTask, &status_fd);
  if (!shim.ok()) return shim.status();
  const absl::Status meanwhile = request.meanwhile();
  if (!meanwhile.ok()) {
    KillShim(*shim, request.cgroup);
    return meanwhile;
  }
  const absl::StatusOr<StartReport> report = AwaitStartReport(
      status_fd.get(), request.start_timeout.value_or(options_.start_timeout),
      request.is_cancelled);
  if (!report.ok()) return GiveUp(*shim, request, report.status(), &files);
  if (report->failed_stage != StartStage::kNone) {
    ReapChild(*shim);
    return StartError(*report, request);
  }

  files.Keep();
  LaunchedTask task;
  task.process = {report->pid, report->start_time_ticks};
  // Not reaped yet, so it is there to be read even if it has ended.
  task.shim = {*shim, static_cast<uint64_t>(ReadStartTime(*shim))};
  task.shim_at = absl::Nanoseconds(report->marks[kShimRuns]);
  task.root_at = absl::Nanoseconds(report->marks[kRootIsMade]);
  task.program_at = absl::Nanoseconds(report->marks[kProgramRuns]);
  task.exit_fifo = *std::move(exit_fifo);
  return task;
}

absl::StatusOr<LaunchedCommand> Launcher::Exec(
    LaunchRequest request, absl::Duration start_timeout) const {
  const absl::Status streams = FillStreams(request);
  if (!streams.ok()) return streams;
  absl::StatusOr<Pipe> tether = MakePipe();
  if (!tether.ok()) return tether.status();
  request.tether = std::move(tether->read_end);
  request.state_dir.Reset();
  // The task is not this command's to kill.
  request.cgroup.kill_file.Reset();
  request.cgroup.procs_file.Reset();
  request.cgroup.freeze_file.Reset();

  UniqueFd status_fd;
  const absl::StatusOr<pid_t> shim =
      Spawn(shim_, request, PlanPurpose::kCommand, &status_fd);
  if (!shim.ok()) return shim.status();
  const absl::StatusOr<StartReport> report = AwaitStartReport(
      status_fd.get(), std::min(start_timeout, options_.start_timeout),
      request.is_cancelled);
  if (!report.ok()) return GiveUp(*shim, request, report.status(), nullptr);
  if (report->failed_stage != StartStage::kNone) {
    ReapChild(*shim);
    return StartError(*report, request);
  }

  LaunchedCommand command;
  command.process = {report->pid, report->start_time_ticks};
  command.shim = {*shim, static_cast<uint64_t>(ReadStartTime(*shim))};
  command.status = std::move(status_fd);
  command.tether = std::move(tether->write_end);
  return command;
}

absl::StatusOr<int> Launcher::ReadExitReport(int status_fd) {
  ExitReport report;
  ssize_t n;
  do {
    n = read(status_fd, &report, sizeof(report));
  } while (n < 0 && errno == EINTR);
  if (n == sizeof(report)) return report.wait_status;
  return absl::UnavailableError("its shim was killed");
}

absl::Status Launcher::ReapShim(const ProcessIdentity& shim) {
  // A pid that was given out again is another process.
  if (ReadStartTime(shim.pid) != static_cast<int64_t>(shim.start_time_ticks)) {
    return absl::OkStatus();
  }
  while (waitpid(shim.pid, nullptr, 0) < 0) {
    if (errno == ECHILD) return absl::OkStatus();
    if (errno != EINTR) {
      return ErrnoStatus(errno, absl::StrCat("reap the shim ", shim.pid));
    }
  }
  return absl::OkStatus();
}

}  // namespace reeve
