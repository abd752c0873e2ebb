#include "enforcement/launch/launcher.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
    if (!made_) return;
    for (const char* name : {kExitFifo, kControlFifo, kShimLog, "pid",
                             "starttime", "exitStatus", "exitStatus.tmp"}) {
      unlinkat(state_dir_fd_, name, 0);
    }
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
absl::StatusOr<pid_t> Spawn(const std::string& shim_path,
                            const LaunchRequest& request,
                            UniqueFd* status_read_end) {
  absl::StatusOr<Pipe> status_pipe = MakePipe();
  if (!status_pipe.ok()) return status_pipe.status();
  const int status_fd = status_pipe->write_end.get();
  const absl::StatusOr<UniqueFd> plan =
      SealPlan(EncodePlan(request, status_fd));
  if (!plan.ok()) return plan.status();
  *status_read_end = std::move(status_pipe->read_end);
  return SpawnShim(shim_path, plan->get(), PlanDescriptors(request, status_fd));
}

// The error of a shim that has not reported; it is gone afterwards.
absl::Status GiveUp(pid_t shim, const LaunchRequest& request,
                    const StateFiles& files, const absl::Status& why) {
  if (!absl::IsUnavailable(why)) {
    KillShim(shim, request.cgroup);
    return absl::Status(why.code(), absl::StrCat("exec ", request.program, ": ",
                                                 why.message()));
  }
  const int wait_status = ReapChild(shim);
  // Killed after it had started something, it leaves that behind.
  KillTask(request.cgroup);
  const std::string logged = files.FirstError();
  return absl::UnavailableError(
      absl::StrCat(why.message(), " (", DescribeEnd(wait_status), ")",
                   logged.empty() ? "" : ": ", logged));
}

}  // namespace

Launcher::Launcher(Options options) : options_(std::move(options)) {}

absl::StatusOr<LaunchedTask> Launcher::Launch(LaunchRequest request) const {
  const absl::Status streams = FillStreams(request);
  if (!streams.ok()) return streams;
  StateFiles files(request.state_dir.get());
  absl::StatusOr<UniqueFd> exit_fifo = files.Make();
  if (!exit_fifo.ok()) return exit_fifo.status();

  UniqueFd status_fd;
  const absl::StatusOr<pid_t> shim =
      Spawn(options_.shim_path, request, &status_fd);
  if (!shim.ok()) return shim.status();
  const absl::StatusOr<StartReport> report =
      AwaitStartReport(status_fd.get(), options_.start_timeout);
  if (!report.ok()) return GiveUp(*shim, request, files, report.status());
  if (report->failed_stage != StartStage::kNone) {
    ReapChild(*shim);
    return StartError(*report, request);
  }

  files.Keep();
  LaunchedTask task;
  task.process = {report->pid, report->start_time_ticks};
  // Not reaped yet, so it is there to be read even if it has ended.
  task.shim = {*shim, static_cast<uint64_t>(ReadStartTime(*shim))};
  task.exit_fifo = *std::move(exit_fifo);
  return task;
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
