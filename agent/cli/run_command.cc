#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "agent/api/message_texts.h"
#include "agent/api/time_convert.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/exit_report.h"
#include "agent/cli/exit_wait.h"
#include "agent/cli/path.h"
#include "agent/cli/run_flags.h"
#include "agent/cli/signal_forwarder.h"
#include "agent/cli/task_session.h"
#include "agent/control/stdio_handover.h"
#include "base/unique_fd.h"
#include "grpcpp/client_context.h"

namespace reeve {
namespace {

constexpr absl::Duration kSignalTimeout = absl::Seconds(5);

// The agent that runs the task: the one behind the socket, or one inside this
// process.
struct Host {
  AgentClient client;
  AgentAddress address;
  // Set if the agent is inside this process.
  std::optional<LocalAgentConnection> local;
};

absl::StatusOr<Host> StartLocalAgent(const RunOptions& options,
                                     const CliEnvironment& env) {
  AgentOptions agent_options = options.local_agent;
  // Nobody else is served.
  agent_options.listen_address.clear();
  const absl::Status chosen = ChooseStateDir(env, &agent_options.state_dir);
  if (!chosen.ok()) return chosen;
  absl::StatusOr<LocalAgentConnection> local =
      env.start_local_agent(agent_options);
  if (!local.ok()) return local.status();
  return Host{AgentClient(local->channel), {}, *std::move(local)};
}

absl::StatusOr<Host> FindHost(const RunOptions& options,
                              const CliEnvironment& env) {
  const AgentAddress address = FindAgentAddress(options.socket, env);
  absl::StatusOr<AgentClient> client = AgentClient::Connect(address);
  if (client.ok()) return Host{*std::move(client), address, std::nullopt};
  if (address.named || !absl::IsUnavailable(client.status())) {
    return client.status();
  }
  if (options.detach) {
    return absl::UnavailableError(
        absl::StrCat("run: --detach needs an agent that stays: ",
                     client.status().message()));
  }
  if (options.spec.limits().reserved_cpus() > 0) {
    return absl::UnavailableError(
        absl::StrCat("run: --reserve-cpus needs an agent that has the other "
                     "tasks, too: ",
                     client.status().message()));
  }
  return StartLocalAgent(options, env);
}

absl::StatusOr<UniqueFd> Duplicate(int fd) {
  UniqueFd copy(dup(fd));
  if (!copy) return absl::ErrnoToStatus(errno, "standard streams");
  return copy;
}

absl::StatusOr<std::string> StashStreams(const LocalAgentConnection& local,
                                         int stdin_fd, int stdout_fd,
                                         int stderr_fd) {
  absl::StatusOr<UniqueFd> in = Duplicate(stdin_fd);
  if (!in.ok()) return in.status();
  absl::StatusOr<UniqueFd> out = Duplicate(stdout_fd);
  if (!out.ok()) return out.status();
  absl::StatusOr<UniqueFd> err = Duplicate(stderr_fd);
  if (!err.ok()) return err.status();
  return local.stash_stdio(*std::move(in), *std::move(out), *std::move(err));
}

// Gives streams to the agent; returns the token for them.
absl::StatusOr<std::string> HandOverStreams(const Host& host, int stdin_fd,
                                            int stdout_fd, int stderr_fd,
                                            UniqueFd* connection) {
  if (host.local.has_value()) {
    return StashStreams(*host.local, stdin_fd, stdout_fd, stderr_fd);
  }
  return SendStreams(host.address.socket, stdin_fd, stdout_fd, stderr_fd,
                     connection);
}

void ReportPhases(const v1::LaunchResponse& response, std::ostream& err) {
  absl::Duration sum;
  for (const v1::LaunchPhase& phase : response.phases()) {
    const absl::Duration duration = DurationFromProto(phase.duration());
    sum += duration;
    err << absl::StrFormat("reeve: launch: %-8s %8.0f us\n", phase.name(),
                           absl::ToDoubleMicroseconds(duration));
  }
  err << absl::StrFormat("reeve: launch: %-8s %8.0f us\n", "sum",
                         absl::ToDoubleMicroseconds(sum));
}

absl::StatusOr<v1::LaunchResponse> Launch(v1::LaunchRequest request,
                                          const RunOptions& options, Host* host,
                                          const CliEnvironment& env) {
  request.set_trace(options.trace);
  grpc::ClientContext context;
  v1::LaunchResponse response;
  const grpc::Status status =
      host->client.stub().Launch(&context, request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  if (options.trace) ReportPhases(response, *env.err);
  return response;
}

int Detach(const RunOptions& options, Host* host, const CliEnvironment& env) {
  v1::LaunchRequest request;
  *request.mutable_spec() = options.spec;
  const absl::StatusOr<v1::LaunchResponse> launched =
      Launch(std::move(request), options, host, env);
  if (!launched.ok()) return ReportError(launched.status(), *env.err);
  *env.out << launched->id() << "\n";
  return kExitSuccess;
}

// To the agent that is there now: the one that launched the task may have ended
// since.
void ForwardSignal(int signal, const std::string& id, Host* host) {
  absl::StatusOr<AgentClient> now = absl::UnavailableError("of this process");
  if (!host->local.has_value()) now = AgentClient::Connect(host->address);
  AgentClient& client = now.ok() ? *now : host->client;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kSignalTimeout));
  v1::SignalRequest request;
  v1::SignalResponse response;
  request.set_id(id);
  request.set_signal(absl::StrCat(signal));
  // A task that has just exited refuses it, and that is as well.
  client.stub().Signal(&context, request, &response);
}

// Where the agent is that the task has after this one; no socket if it has
// none.
AgentAddress NextAgent(const RunOptions& options, const Host& host) {
  if (options.spec.kill_on_agent_exit()) return {};
  return host.address;
}

int RunInForeground(const RunOptions& options, SignalForwarder* signals,
                    Host* host, const CliEnvironment& env) {
  v1::LaunchRequest request;
  *request.mutable_spec() = options.spec;
  request.set_auto_remove(!options.keep);
  UniqueFd connection;
  absl::StatusOr<std::string> token = HandOverStreams(
      *host, env.stdin_fd, env.stdout_fd, env.stderr_fd, &connection);
  if (!token.ok()) return ReportError(token.status(), *env.err);
  request.set_stdio_token(*std::move(token));
  const absl::StatusOr<v1::LaunchResponse> launched =
      Launch(std::move(request), options, host, env);
  if (!launched.ok()) return ReportError(launched.status(), *env.err);
  connection.Reset();

  const std::string& id = launched->id();
  signals->Start([&](int signal) { ForwardSignal(signal, id, host); });
  const absl::StatusOr<v1::ExitStatus> exit =
      ExitWait(id, NextAgent(options, *host), &host->client).Await();
  signals->Stop();
  if (!exit.ok()) return ReportError(exit.status(), *env.err);
  return ReportExit(id, *exit, *env.err);
}

// As in the foreground, with pipes between the task and this command.
int RunInSession(const RunOptions& options, TaskSession* session, Host* host,
                 const CliEnvironment& env) {
  v1::LaunchRequest request;
  *request.mutable_spec() = options.spec;
  request.set_auto_remove(!options.keep);
  UniqueFd connection;
  absl::StatusOr<std::string> token =
      session->Open([&](int in, int out, int err) {
        return HandOverStreams(*host, in, out, err, &connection);
      });
  if (!token.ok()) return ReportError(token.status(), *env.err);
  request.set_stdio_token(*std::move(token));
  const absl::StatusOr<v1::LaunchResponse> launched =
      Launch(std::move(request), options, host, env);
  if (!launched.ok()) return ReportError(launched.status(), *env.err);
  connection.Reset();
  TaskSession::Options session_options;
  session_options.id = launched->id();
  session_options.address = NextAgent(options, *host);
  session_options.has_tty = options.spec.tty();
  session_options.is_owner = true;
  session_options.has_input = options.spec.attachable();
  return session->Run(session_options, &host->client);
}

void CompleteStreams(const RunOptions& options, v1::TaskSpec* spec) {
  ApplyNativeSwitches(options.native, spec);
  if (options.tty) spec->set_tty(true);
  if (options.kill_on_agent_exit) spec->set_kill_on_agent_exit(true);
  if (options.interactive) spec->set_attachable(true);
  const bool is_logged = spec->stdout().path().empty() ||
                         (spec->stderr().path().empty() && !spec->tty());
  // Nobody else is there to see it.
  if (options.detach && is_logged) {
    spec->mutable_log()->set_to_state_dir(true);
  }
}

// What the flags leave open.
absl::Status Complete(std::vector<std::string> program, v1::TaskSpec* spec) {
  if (!program.empty()) {
    spec->mutable_command()->Assign(program.begin(), program.end());
  }
  if (spec->command().empty()) {
    return absl::InvalidArgumentError(
        "run: PROGRAM is missing (see \"reeve run --help\")");
  }
  const bool has_root = !spec->native().root().directory().empty();
  if (spec->cwd().empty() && spec->task_dir().empty() && !has_root) {
    absl::StatusOr<std::string> here = WorkingDirectory();
    if (!here.ok()) return here.status();
    spec->set_cwd(*std::move(here));
  }
  return absl::OkStatus();
}

}  // namespace

int RunCommand(const CommandArgs& args, const CliEnvironment& env) {
  RunOptions options;
  std::vector<std::string> program;
  FlagSet flags("run",
                "Runs a program as a task. In the foreground its streams, "
                "signals and exit status are those of this command.");
  AddRunFlags(&flags, env, &options);
  flags.AddProgram(&program);
  flags.AddExample(
      "reeve run --memory 64M --cpus 0.5 --env PATH -- sh -c 'echo $PATH'");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;
  absl::Status complete = Complete(std::move(program), &options.spec);
  if (complete.ok()) complete = CheckTextsAreUtf8(options.spec);
  if (!complete.ok()) return ReportError(complete, *env.err);
  CompleteStreams(options, &options.spec);

  if (options.detach) {
    absl::StatusOr<Host> host = FindHost(options, env);
    if (!host.ok()) return ReportError(host.status(), *env.err);
    return Detach(options, &*host, env);
  }
  // Each before the first thread, which calls of the agent start.
  if (options.spec.tty() || options.spec.attachable()) {
    TaskSession session(env);
    absl::StatusOr<Host> host = FindHost(options, env);
    if (!host.ok()) return ReportError(host.status(), *env.err);
    return RunInSession(options, &session, &*host, env);
  }
  SignalForwarder signals;
  absl::StatusOr<Host> host = FindHost(options, env);
  if (!host.ok()) return ReportError(host.status(), *env.err);
  return RunInForeground(options, &signals, &*host, env);
}

}  // namespace reeve
