#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/duration_proto.h"
#include "agent/cli/error_report.h"
#include "agent/cli/task_text.h"
#include "grpcpp/client_context.h"

namespace reeve {

int StopCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  v1::StopRequest request;
  FlagSet flags(
      "stop",
      "Asks a task to end, then ends it and all that it started. A paused "
      "task goes on for it.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  flags.AddText("--signal", "SIGNAL",
                "What asks its main process to end [the task's --stop-signal]",
                request.mutable_signal());
  flags.AddValue(
      "--grace", "DURATION",
      "Time to end by itself; 0 kills at once [the task's --stop-grace]",
      [&request](const std::string& text) {
        return SetDuration(text, request.mutable_grace());
      });
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve stop web --signal SIGTERM --grace 30s");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  grpc::ClientContext context;
  v1::StopResponse response;
  const grpc::Status status = agent->stub().Stop(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  *env.out << "exited " << ExitText(response.exit()) << "\n";
  return kExitSuccess;
}

}  // namespace reeve
