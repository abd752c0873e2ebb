#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "grpcpp/client_context.h"

namespace reeve {

int RemoveCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  v1::RemoveRequest request;
  FlagSet flags("rm", "Forgets a task that has exited.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve rm web");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  grpc::ClientContext context;
  v1::RemoveResponse response;
  const grpc::Status status =
      agent->stub().Remove(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  return kExitSuccess;
}

}  // namespace reeve
