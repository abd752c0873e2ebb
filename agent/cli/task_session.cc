#include "agent/cli/task_session.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "agent/cli/error_report.h"
#include "agent/cli/exit_report.h"
#include "agent/cli/exit_wait.h"
#include "agent/cli/raw_terminal.h"
#include "grpcpp/client_context.h"

namespace reeve {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(5);
constexpr int kSignalBase = 128;
// Ctrl-D, which a terminal takes for the end of its input.
constexpr char kEndOfInput[] = "\x04";

bool IsIgnored(int signal) {
  struct sigaction action;
  return sigaction(signal, nullptr, &action) == 0 &&
         action.sa_handler == SIG_IGN;
}

void SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(absl::ToChronoTime(absl::Now() + kCallTimeout));
}

absl::Status MakePipe(UniqueFd* read_end, UniqueFd* write_end) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "make a pipe");
  }
  read_end->Reset(fds[0]);
  write_end->Reset(fds[1]);
  return absl::OkStatus();
}

// The agent that is there now: `client`'s may have ended since. Kept in `next`
// if it is another.
AgentClient& AgentNow(const TaskSession::Options& options, AgentClient* client,
                      std::optional<AgentClient>* next) {
  if (options.address.socket.empty()) return *client;
  absl::StatusOr<AgentClient> now = AgentClient::Connect(options.address);
  if (!now.ok()) return *client;
  return next->emplace(*std::move(now));
}

// Waits for the end of a task on a thread of its own, from the start on: a task
// may be forgotten as soon as somebody knows of its end.
class ExitWaiter {
 public:
  ExitWaiter(const TaskSession::Options& options, AgentClient* client)
      : wait_(options.id, options.address, client) {
    thread_ = std::thread([this] { exit_ = wait_.Await(); });
  }
  ~ExitWaiter() {
    if (!thread_.joinable()) return;
    wait_.Cancel();
    thread_.join();
  }
  ExitWaiter(const ExitWaiter&) = delete;
  ExitWaiter& operator=(const ExitWaiter&) = delete;

  absl::StatusOr<v1::ExitStatus> Await() {
    thread_.join();
    return exit_;
  }

 private:
  ExitWait wait_;
  absl::StatusOr<v1::ExitStatus> exit_;
  std::thread thread_;
};

}  // namespace

TaskSession::TaskSession(const CliEnvironment& env) : env_(env) {
  sigset_t taken;
  sigemptyset(&taken);
  for (const int signal : {SIGWINCH, SIGHUP, SIGINT, SIGQUIT, SIGTERM}) {
    if (!IsIgnored(signal)) sigaddset(&taken, signal);
  }
  pthread_sigmask(SIG_BLOCK, &taken, &previous_mask_);
  signals_.Reset(signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  // A reader that is gone is told by write(2).
  std::signal(SIGPIPE, SIG_IGN);
}

TaskSession::~TaskSession() {
  signalfd_siginfo info;
  while (read(signals_.get(), &info, sizeof(info)) > 0) {
  }
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

absl::StatusOr<std::string> TaskSession::Open(const HandOver& hand_over) {
  UniqueFd in;
  UniqueFd out;
  UniqueFd err;
  absl::Status status = MakePipe(&in, &pipes_.in);
  status.Update(MakePipe(&pipes_.out, &out));
  status.Update(MakePipe(&pipes_.err, &err));
  if (!status.ok()) return status;
  return hand_over(in.get(), out.get(), err.get());
}

void TaskSession::SendSize(const Options& options, AgentClient* client) const {
  winsize size = {};
  if (ioctl(env_.stdout_fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return;
  std::optional<AgentClient> next;
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::ResizeTtyRequest request;
  v1::ResizeTtyResponse response;
  request.set_id(options.id);
  request.set_width(size.ws_col);
  request.set_height(size.ws_row);
  // A task that has just exited needs none.
  AgentNow(options, client, &next)
      .stub()
      .ResizeTty(&context, request, &response);
}

void TaskSession::SendSignal(const Options& options, int signal,
                             AgentClient* client) {
  std::optional<AgentClient> next;
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::SignalRequest request;
  v1::SignalResponse response;
  request.set_id(options.id);
  request.set_signal(absl::StrCat(signal));
  // A task that has just exited refuses it, and that is as well.
  AgentNow(options, client, &next).stub().Signal(&context, request, &response);
}

bool TaskSession::TakeSignal(const Options& options, bool is_raw,
                             AgentClient* client) {
  signalfd_siginfo info;
  if (read(signals_.get(), &info, sizeof(info)) != sizeof(info)) return false;
  const int signal = static_cast<int>(info.ssi_signo);
  if (signal == SIGWINCH) {
    if (options.has_tty) SendSize(options, client);
    return false;
  }
  // Keys reach the task as bytes: a signal is for this command.
  if (is_raw) {
    ending_signal_ = signal;
    return true;
  }
  SendSignal(options, signal, client);
  return false;
}

int TaskSession::Run(const Options& options, AgentClient* client) {
  ExitWaiter waiter(options, client);
  const bool is_raw =
      options.has_tty && options.has_input && isatty(env_.stdin_fd) != 0;
  StreamCopier::Outcome outcome;
  {
    std::optional<RawTerminal> raw;
    if (is_raw) raw.emplace(env_.stdin_fd);
    if (options.has_tty) SendSize(options, client);
    StreamCopier::Options copy;
    copy.in = options.has_input ? env_.stdin_fd : -1;
    copy.out = env_.stdout_fd;
    copy.err = env_.stderr_fd;
    copy.wake = signals_.get();
    copy.on_wake = [&] { return TakeSignal(options, is_raw, client); };
    // What the kernel would tell a task that has the pipe itself. Who is only
    // attached says nothing by leaving.
    if (options.is_owner && !options.has_tty) {
      copy.on_output_lost = [&] { SendSignal(options, SIGPIPE, client); };
    }
    copy.has_detach_keys = is_raw;
    if (options.has_tty) copy.end_of_input = kEndOfInput;
    outcome = StreamCopier(std::move(copy), std::move(pipes_)).Run();
  }
  if (outcome == StreamCopier::Outcome::kWoken) {
    return kSignalBase + ending_signal_;
  }
  if (outcome == StreamCopier::Outcome::kDetached) {
    *env_.err << "\ndetached: \"reeve attach " << options.id
              << "\" comes back\n";
    return kExitSuccess;
  }
  const absl::StatusOr<v1::ExitStatus> exit = waiter.Await();
  if (!exit.ok()) return ReportError(exit.status(), *env_.err);
  return ReportExit(options.id, *exit, *env_.err);
}

}  // namespace reeve
