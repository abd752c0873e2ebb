#include "agent/api/exec_stream.h"

#include <poll.h>
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/api/convert.h"
#include "agent/api/exec_convert.h"
#include "agent/api/exec_input.h"
#include "agent/api/exec_output.h"
#include "agent/api/exec_pipes.h"
#include "agent/tasks/command_output.h"
#include "base/system_clock.h"

namespace reeve {
namespace {

// How long a client that takes nothing is waited for after an error.
constexpr absl::Duration kSendPatience = absl::Seconds(1);

int TimeoutMs(absl::Duration left) {
  if (left == absl::InfiniteDuration()) return -1;
  const int64_t ms = absl::ToInt64Milliseconds(left) + 1;
  return static_cast<int>(std::clamp<int64_t>(ms, 0, INT32_MAX));
}

// Waits until the last answer was taken.
void AwaitSent(ExecStreamReactor& call, absl::Duration timeout) {
  const SystemClock clock;
  const absl::Duration deadline = clock.MonotonicNow() + timeout;
  while (!call.can_send() && clock.MonotonicNow() < deadline) {
    pollfd fd = {call.wake().fd(), POLLIN, 0};
    poll(&fd, 1, TimeoutMs(deadline - clock.MonotonicNow()));
    call.wake().Clear();
  }
}

class ExecStream {
 public:
  ExecStream(ExecStreamReactor& call, TaskSupervisor& supervisor)
      : call_(call), supervisor_(supervisor) {}

  absl::Status Run() {
    absl::Status status = Start();
    if (!status.ok()) return status;
    while (true) {
      status = CheckEnd();
      if (!status.ok()) break;
      const absl::StatusOr<bool> has_taken = TakeRequest();
      status = has_taken.status();
      if (!status.ok()) break;
      const bool can_send = output_.Prepare() && call_.can_send();
      if (can_send) call_.Send(output_.Take());
      if (IsComplete()) return SendExit();
      // Neither a client nor a command that never pauses hides the other, or
      // the end.
      Wait(/*at_all=*/!*has_taken && !can_send);
    }
    command_->Kill(kKillPatience);
    return status;
  }

 private:
  absl::Status Start() {
    const v1::ExecStreamRequest& first = *call_.request();
    if (!first.has_setup()) {
      return absl::InvalidArgumentError(
          "the setup is missing: it must be the first request");
    }
    const v1::ExecRequest& setup = first.setup();
    if (!setup.stdio_token().empty()) {
      return absl::InvalidArgumentError(
          "stdio_token: use Exec for streams that were handed over");
    }
    const absl::StatusOr<absl::Duration> timeout = ExecDeadline(setup);
    if (!timeout.ok()) return timeout.status();
    deadline_ = clock_.MonotonicNow() + *timeout;
    TaskExec::Patience patience;
    patience.timeout = *timeout;
    patience.is_cancelled = [this] { return call_.is_cancelled(); };

    HandedStreams streams;
    absl::Status opened =
        setup.tty() ? OpenTerminal(&streams) : OpenPipes(&streams);
    if (!opened.ok()) return opened;
    absl::StatusOr<std::unique_ptr<RunningCommand>> command = supervisor_.Exec(
        setup.id(), ExecSpecFromProto(setup), std::move(streams), patience);
    if (!command.ok()) return command.status();
    command_ = *std::move(command);
    call_.ReleaseRequest();
    return absl::OkStatus();
  }

  absl::Status OpenPipes(HandedStreams* streams) {
    absl::StatusOr<StreamPipe> in = MakeInputPipe();
    if (!in.ok()) return in.status();
    absl::StatusOr<StreamPipe> out = MakeOutputPipe();
    if (!out.ok()) return out.status();
    absl::StatusOr<StreamPipe> err = MakeOutputPipe();
    if (!err.ok()) return err.status();
    streams->stdin_fd = std::move(in->of_command);
    streams->stdout_fd = std::move(out->of_command);
    streams->stderr_fd = std::move(err->of_command);
    input_.Open(std::move(in->ours), /*is_terminal=*/false);
    output_.AddStdout(std::move(out->ours));
    output_.AddStderr(std::move(err->ours));
    return absl::OkStatus();
  }

  absl::Status OpenTerminal(HandedStreams* streams) {
    absl::StatusOr<StreamPipe> terminal = MakeTerminal();
    if (!terminal.ok()) return terminal.status();
    absl::StatusOr<UniqueFd> input = Duplicate(terminal->ours);
    if (!input.ok()) return input.status();
    for (UniqueFd* const stream : {&streams->stdout_fd, &streams->stderr_fd}) {
      absl::StatusOr<UniqueFd> copy = Duplicate(terminal->of_command);
      if (!copy.ok()) return copy.status();
      *stream = *std::move(copy);
    }
    streams->stdin_fd = std::move(terminal->of_command);
    input_.Open(*std::move(input), /*is_terminal=*/true);
    output_.AddStdout(std::move(terminal->ours));
    return absl::OkStatus();
  }

  absl::Status CheckEnd() const {
    if (call_.is_cancelled()) {
      return absl::CancelledError("cancelled: the command was killed");
    }
    if (!has_exited_ && clock_.MonotonicNow() > deadline_) {
      return absl::DeadlineExceededError(
          "the deadline has passed: the command was killed");
    }
    return absl::OkStatus();
  }

  // Whether there was one that did not have to wait for the command.
  absl::StatusOr<bool> TakeRequest() {
    const v1::ExecStreamRequest* const request = call_.request();
    if (request == nullptr) {
      if (call_.requests_have_ended()) input_.End();
      return false;
    }
    absl::StatusOr<bool> taken = input_.Take(*request);
    if (taken.ok() && *taken) call_.ReleaseRequest();
    return taken;
  }

  bool IsComplete() const {
    if (!has_exited_ || output_.is_prepared()) return false;
    return output_.is_closed() ||
           (clock_.MonotonicNow() > grace_end_ && !output_.is_owed());
  }

  // Looks at what has happened; waits for something to happen if `at_all`.
  void Wait(bool at_all) {
    pollfd fds[] = {{call_.wake().fd(), POLLIN, 0},
                    {has_exited_ ? -1 : command_->status_fd(), POLLIN, 0},
                    {input_.fd_to_await(), POLLOUT, 0},
                    {output_.fd_to_await(0), POLLIN, 0},
                    {output_.fd_to_await(1), POLLIN, 0}};
    const absl::Duration now = clock_.MonotonicNow();
    absl::Duration until = has_exited_ ? grace_end_ : deadline_;
    if (has_exited_ && now > grace_end_) until = absl::InfiniteDuration();
    if (poll(fds, 5, at_all ? TimeoutMs(until - now) : 0) <= 0) return;
    if (fds[0].revents != 0) call_.wake().Clear();
    if (fds[1].revents == 0) return;
    exit_ = command_->TakeExit();
    has_exited_ = true;
    grace_end_ = clock_.MonotonicNow() + kOutputGrace;
    // It has written this, however slowly that is taken.
    output_.NoteOwed();
  }

  absl::Status SendExit() {
    AwaitSent(call_, absl::InfiniteDuration());
    *last_.mutable_exit() = ToProto(exit_);
    call_.Send(&last_);
    AwaitSent(call_, absl::InfiniteDuration());
    return absl::OkStatus();
  }

  ExecStreamReactor& call_;
  TaskSupervisor& supervisor_;
  const SystemClock clock_;
  std::unique_ptr<RunningCommand> command_;
  ExecInput input_;
  ExecOutput output_;
  absl::Duration deadline_ = absl::InfiniteDuration();
  absl::Duration grace_end_ = absl::InfiniteDuration();
  bool has_exited_ = false;
  ExitStatus exit_;
  v1::ExecStreamResponse last_;
};

// A command that has closed its input must not end the agent.
void BlockSigpipe() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

void RunExecStream(ExecStreamReactor& call, TaskSupervisor& supervisor) {
  BlockSigpipe();
  absl::Status status;
  {
    ExecStream stream(call, supervisor);
    status = stream.Run();
    AwaitSent(call, kSendPatience);
    if (!call.can_send()) {
      call.GiveUp();
      AwaitSent(call, absl::InfiniteDuration());
    }
  }
  call.End(status);
}

}  // namespace reeve
