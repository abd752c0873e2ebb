#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/exit_report.h"
#include "agent/cli/json_output.h"
#include "agent/cli/task_text.h"
#include "grpcpp/client_context.h"

namespace reeve {

int WaitCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool json = false;
  v1::WaitRequest request;
  FlagSet flags("wait", "Waits for the end of a task; exits as the task did.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve wait web");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  grpc::ClientContext context;
  v1::WaitResponse response;
  const grpc::Status status = agent->stub().Wait(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);

  if (json) {
    *env.out << MessageToJson(response, JsonLayout::kIndented);
  } else {
    *env.out << ExitText(response.exit()) << "\n";
  }
  return ReportExit(request.id(), response.exit(), *env.err);
}

}  // namespace reeve
