#include <string>
#include <utility>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/exit_report.h"
#include "agent/cli/exit_wait.h"
#include "agent/cli/json_output.h"
#include "agent/cli/task_text.h"

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

  const AgentAddress address = FindAgentAddress(socket, env);
  absl::StatusOr<AgentClient> agent = AgentClient::Connect(address);
  if (!agent.ok()) return ReportError(agent.status(), *env.err);
  absl::StatusOr<v1::ExitStatus> exit =
      ExitWait(request.id(), address, &*agent).Await();
  if (!exit.ok()) return ReportError(exit.status(), *env.err);

  v1::WaitResponse response;
  *response.mutable_exit() = *std::move(exit);
  if (json) {
    *env.out << MessageToJson(response, JsonLayout::kIndented);
  } else {
    *env.out << ExitText(response.exit()) << "\n";
  }
  return ReportExit(request.id(), response.exit(), *env.err);
}

}  // namespace reeve
