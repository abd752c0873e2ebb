#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "grpcpp/client_context.h"

namespace reeve {

int ResumeCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  v1::ResumeRequest request;
  FlagSet flags("resume", "Lets a paused task go on.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve resume web");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  grpc::ClientContext context;
  v1::ResumeResponse response;
  const grpc::Status status =
      agent->stub().Resume(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  return kExitSuccess;
}

}  // namespace reeve
