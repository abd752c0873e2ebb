#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/json_output.h"
#include "agent/cli/task_detail_text.h"
#include "grpcpp/client_context.h"

namespace reeve {

int InspectCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool json = false;
  v1::InspectRequest request;
  FlagSet flags("inspect",
                "Shows all that is known of a task: its program, cgroups and "
                "limits.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve inspect web");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  grpc::ClientContext context;
  v1::InspectResponse response;
  const grpc::Status status =
      agent->stub().Inspect(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);

  *env.out << (json ? MessageToJson(response, JsonLayout::kIndented)
                    : TaskDetailText(response, env.now()));
  return kExitSuccess;
}

}  // namespace reeve
