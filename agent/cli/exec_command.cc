#include <fcntl.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/api/message_texts.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/duration_proto.h"
#include "agent/cli/error_report.h"
#include "agent/cli/exit_report.h"
#include "agent/cli/raw_terminal.h"
#include "agent/cli/signal_forwarder.h"
#include "agent/cli/terminal_relay.h"
#include "agent/control/stdio_handover.h"
#include "base/unique_fd.h"
#include "grpcpp/client_context.h"

namespace reeve {
namespace {

struct ExecOptions {
  v1::ExecRequest request;
  bool has_input = false;
  std::string socket;
};

void AddExecFlags(FlagSet* flags, const CliEnvironment& env,
                  ExecOptions* options) {
  v1::ExecRequest* const request = &options->request;
  flags->AddSwitch("-i,--interactive",
                   "Standard input is this one [there is none]",
                   &options->has_input);
  flags->AddValue("--deadline", "DURATION",
                  "Kill it, with all that it has started, if it runs longer",
                  [request](const std::string& text) {
                    return SetDuration(text, request->mutable_deadline());
                  });
  flags->AddList(
      "--env", "NAME[=VALUE]",
      "Variable added to the task's environment; NAME alone copies it from "
      "here; may be repeated",
      [request, &env](const std::string& text) -> absl::Status {
        if (text.find('=') != std::string::npos) {
          request->add_env(text);
          return absl::OkStatus();
        }
        const std::optional<std::string> value = env.getenv(text);
        if (!value.has_value()) {
          return absl::InvalidArgumentError(
              absl::StrCat(text, ": not set here: use ", text, "=VALUE"));
        }
        request->add_env(absl::StrCat(text, "=", *value));
        return absl::OkStatus();
      });
  flags->AddText("--cwd", "DIR", "Working directory [the task's]",
                 request->mutable_cwd());
  flags->AddText("--user", "USER[:GROUP]", "Run as [the task's user]",
                 request->mutable_user());
  AddSocketFlag(flags, &options->socket);
}

// Calls Exec with three streams handed over. A signal that ends a program
// cancels the call, and so kills the command.
class ExecCall {
 public:
  ExecCall(AgentClient agent, std::string socket)
      : agent_(std::move(agent)), socket_(std::move(socket)) {}

  // Before Finish(). The descriptors stay open here.
  absl::Status HandOver(int stdin_fd, int stdout_fd, int stderr_fd) {
    absl::StatusOr<std::string> token =
        SendStreams(socket_, stdin_fd, stdout_fd, stderr_fd, &connection_);
    if (!token.ok()) return token.status();
    token_ = *std::move(token);
    return absl::OkStatus();
  }

  // Waits for the end of the command; returns the exit code.
  int Finish(v1::ExecRequest request, SignalForwarder* signals,
             std::ostream& err) {
    request.set_stdio_token(token_);
    signals->Start([this](int signal) {
      // Others are not meant to end anything.
      if (signal != SIGINT && signal != SIGTERM && signal != SIGHUP &&
          signal != SIGQUIT) {
        return;
      }
      signal_ = signal;
      context_.TryCancel();
    });
    v1::ExecResponse response;
    const grpc::Status status =
        agent_.stub().Exec(&context_, request, &response);
    signals->Stop();
    if (signal_ != 0) return 128 + signal_;
    if (!status.ok()) return ReportError(FromGrpcStatus(status), err);
    return ReportExit(request.id(), response.exit(), err);
  }

 private:
  AgentClient agent_;
  const std::string socket_;
  UniqueFd connection_;
  std::string token_;
  grpc::ClientContext context_;
  std::atomic<int> signal_{0};
};

int RunWithStreams(const ExecOptions& options, ExecCall* call,
                   SignalForwarder* signals, const CliEnvironment& env) {
  const UniqueFd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const absl::Status handed =
      call->HandOver(options.has_input ? env.stdin_fd : null.get(),
                     env.stdout_fd, env.stderr_fd);
  if (!handed.ok()) return ReportError(handed, *env.err);
  return call->Finish(options.request, signals, *env.err);
}

int RunInTerminal(const ExecOptions& options, ExecCall* call,
                  SignalForwarder* signals, const CliEnvironment& env) {
  TerminalRelay relay;
  absl::Status status =
      relay.Open(options.has_input ? env.stdin_fd : -1, env.stdout_fd);
  if (!status.ok()) return ReportError(status, *env.err);
  const int terminal = relay.of_command().get();
  status = call->HandOver(terminal, terminal, terminal);
  if (!status.ok()) return ReportError(status, *env.err);
  relay.of_command().Reset();

  std::optional<RawTerminal> raw;
  if (options.has_input) raw.emplace(env.stdin_fd);
  relay.Start();
  // Errors are shown on a terminal that is itself again.
  std::ostringstream errors;
  const int exit_code = call->Finish(options.request, signals, errors);
  relay.Finish();
  raw.reset();
  *env.err << errors.str();
  return exit_code;
}

// For the relay, which reads it: before any thread is started.
void BlockSizeSignal() {
  sigset_t winch;
  sigemptyset(&winch);
  sigaddset(&winch, SIGWINCH);
  pthread_sigmask(SIG_BLOCK, &winch, nullptr);
}

}  // namespace

int ExecCommand(const CommandArgs& args, const CliEnvironment& env) {
  ExecOptions options;
  bool tty = false;
  std::vector<std::string> program;
  FlagSet flags(
      "exec",
      "Runs a further command in a task: in its cgroups, as its user. "
      "Streams and exit status are those of this command. It is "
      "killed, with all that it has started, if this is.");
  flags.AddSwitch("-t,--tty", "Give it a terminal; with -i, like this one",
                  &tty);
  AddExecFlags(&flags, env, &options);
  flags.AddArgument("ID", "The task", options.request.mutable_id());
  flags.AddProgram(&program);
  flags.AddExample("reeve exec -it web -- sh");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;
  if (program.empty()) {
    return ReportError(
        absl::InvalidArgumentError(
            "exec: PROGRAM is missing (see \"reeve exec --help\")"),
        *env.err);
  }
  options.request.set_tty(tty);
  options.request.mutable_command()->Assign(program.begin(), program.end());
  const absl::Status texts = CheckTextsAreUtf8(options.request);
  if (!texts.ok()) return ReportError(texts, *env.err);

  SignalForwarder signals;
  if (tty) BlockSizeSignal();
  const AgentAddress address = FindAgentAddress(options.socket, env);
  absl::StatusOr<AgentClient> agent = AgentClient::Connect(address);
  if (!agent.ok()) return ReportError(agent.status(), *env.err);
  ExecCall call(*std::move(agent), address.socket);
  return tty ? RunInTerminal(options, &call, &signals, env)
             : RunWithStreams(options, &call, &signals, env);
}

}  // namespace reeve
