#include <string>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/task_session.h"
#include "agent/control/stdio_handover.h"
#include "base/unique_fd.h"
#include "grpcpp/client_context.h"

namespace reeve {
namespace {

absl::StatusOr<v1::TaskSpec> FindSpec(const std::string& id,
                                      AgentClient* client) {
  grpc::ClientContext context;
  v1::InspectRequest request;
  v1::InspectResponse response;
  request.set_id(id);
  const grpc::Status status =
      client->stub().Inspect(&context, request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  return response.spec();
}

absl::Status Attach(const std::string& id, const std::string& socket,
                    TaskSession* session, AgentClient* client) {
  UniqueFd connection;
  absl::StatusOr<std::string> token =
      session->Open([&](int in, int out, int err) {
        return SendStreams(socket, in, out, err, &connection);
      });
  if (!token.ok()) return token.status();
  grpc::ClientContext context;
  v1::AttachRequest request;
  v1::AttachResponse response;
  request.set_id(id);
  request.set_stdio_token(*token);
  return FromGrpcStatus(client->stub().Attach(&context, request, &response));
}

}  // namespace

int AttachCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool no_stdin = false;
  TaskSession::Options options;
  FlagSet flags("attach",
                "Connects to the streams of a task that was started with --tty "
                "or --interactive; exits as the task does. On a terminal "
                "ctrl-p ctrl-q leaves it running.");
  flags.AddArgument("ID", "The task", &options.id);
  flags.AddSwitch("--no-stdin", "Do not read standard input", &no_stdin);
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve attach web");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  // Before the first thread, which calls of the agent start.
  TaskSession session(env);
  const AgentAddress address = FindAgentAddress(socket, env);
  absl::StatusOr<AgentClient> agent = AgentClient::Connect(address);
  if (!agent.ok()) return ReportError(agent.status(), *env.err);
  const absl::StatusOr<v1::TaskSpec> spec = FindSpec(options.id, &*agent);
  if (!spec.ok()) return ReportError(spec.status(), *env.err);
  options.address = address;
  options.has_tty = spec->tty();
  options.has_input = !no_stdin;
  const absl::Status attached =
      Attach(options.id, address.socket, &session, &*agent);
  if (!attached.ok()) return ReportError(attached, *env.err);
  return session.Run(options, &*agent);
}

}  // namespace reeve
