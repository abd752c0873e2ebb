#include "agent/api/exec_reactor.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/api/convert.h"
#include "agent/api/exec_convert.h"
#include "agent/api/exec_pipes.h"
#include "agent/api/status_codes.h"
#include "agent/tasks/command_output.h"
#include "base/system_clock.h"

namespace reeve {
namespace {

// Streams for one command, with the read end of its output where that is
// collected here.
struct Streams {
  HandedStreams of_command;
  UniqueFd output;
};

absl::StatusOr<Streams> OpenStreams(const v1::ExecRequest& request,
                                    StdioStash* stash) {
  Streams streams;
  if (!request.stdio_token().empty()) {
    absl::StatusOr<HandedStreams> handed = stash->Take(request.stdio_token());
    if (!handed.ok()) return handed.status();
    streams.of_command = *std::move(handed);
    return streams;
  }
  absl::StatusOr<StreamPipe> pipe = MakeOutputPipe();
  if (!pipe.ok()) return pipe.status();
  absl::StatusOr<UniqueFd> copy = Duplicate(pipe->of_command);
  if (!copy.ok()) return copy.status();
  streams.of_command.stdout_fd = std::move(pipe->of_command);
  streams.of_command.stderr_fd = *std::move(copy);
  streams.output = std::move(pipe->ours);
  return streams;
}

}  // namespace

ExecReactor* ExecReactor::Start(CallThreads& threads,
                                TaskSupervisor* supervisor, StdioStash* stash,
                                const v1::ExecRequest* request,
                                v1::ExecResponse* response) {
  auto* const reactor = new ExecReactor(supervisor, stash, request, response);
  const absl::Status started = threads.Start([reactor] {
    const absl::Status status = reactor->Run();
    // Nothing of the call is touched after this.
    reactor->Finish(ToGrpcStatus(status));
  });
  if (!started.ok()) reactor->Finish(ToGrpcStatus(started));
  return reactor;
}

void ExecReactor::OnCancel() {
  is_cancelled_ = true;
  cancel_.Notify();
}

absl::Status ExecReactor::Run() {
  TaskExec::Patience patience;
  const absl::StatusOr<absl::Duration> timeout = ExecDeadline(*request_);
  if (!timeout.ok()) return timeout.status();
  patience.timeout = *timeout;
  patience.is_cancelled = [this] { return is_cancelled_.load(); };
  const absl::Duration deadline = SystemClock().MonotonicNow() + *timeout;

  absl::StatusOr<Streams> streams = OpenStreams(*request_, stash_);
  if (!streams.ok()) return streams.status();
  const absl::StatusOr<std::unique_ptr<RunningCommand>> command =
      supervisor_->Exec(request_->id(), ExecSpecFromProto(*request_),
                        std::move(streams->of_command), patience);
  if (!command.ok()) return command.status();
  absl::StatusOr<CommandResult> result = AwaitResult(
      **command, std::move(streams->output), deadline, cancel_.fd());
  if (!result.ok()) return result.status();
  *response_->mutable_exit() = ToProto(result->exit);
  response_->set_output(std::move(result->output));
  response_->set_output_truncated(result->output_truncated);
  return absl::OkStatus();
}

}  // namespace reeve
