#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "grpcpp/client_context.h"

namespace reeve {

int SignalCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  v1::SignalRequest request;
  FlagSet flags("signal",
                "Sends a signal to the main process of a task. A paused task "
                "handles it when it is resumed; of KILL it dies at once.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  flags.AddArgument("SIGNAL", "Name or number: HUP, SIGHUP or 1",
                    request.mutable_signal());
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve signal web HUP");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  grpc::ClientContext context;
  v1::SignalResponse response;
  const grpc::Status status =
      agent->stub().Signal(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  return kExitSuccess;
}

}  // namespace reeve
