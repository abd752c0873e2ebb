#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/json_output.h"
#include "agent/cli/task_list_text.h"
#include "grpcpp/client_context.h"

namespace reeve {

int PsCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool json = false;
  FlagSet flags("ps", "Lists tasks: those that run, and those that exited.");
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve ps");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  grpc::ClientContext context;
  v1::ListResponse response;
  const grpc::Status status =
      agent->stub().List(&context, v1::ListRequest(), &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);

  *env.out << (json ? MessageToJson(response, JsonLayout::kIndented)
                    : TaskListText(response, env.now(), env.columns));
  return kExitSuccess;
}

}  // namespace reeve
