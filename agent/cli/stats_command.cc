#include <memory>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/duration_proto.h"
#include "agent/cli/error_report.h"
#include "agent/cli/json_output.h"
#include "agent/cli/usage_text.h"
#include "grpcpp/client_context.h"

namespace reeve {
int StatsCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool json = false;
  bool follow = false;
  v1::StatsRequest request;
  FlagSet flags("stats", "Shows what a task uses and has used.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  flags.AddSwitch("--follow",
                  "Go on with one line a sample until the task ends", &follow);
  flags.AddValue("--interval", "DURATION",
                 "Time between samples, 100ms or more [the agent's]",
                 [&request](const std::string& text) {
                   return SetDuration(text, request.mutable_interval());
                 });
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve stats web --follow");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  request.set_once(!follow);
  grpc::ClientContext context;
  const auto reader = agent->stub().Stats(&context, request);
  v1::StatsResponse stats;
  bool headed = false;
  while (reader->Read(&stats)) {
    if (json) {
      *env.out << MessageToJson(
          stats, follow ? JsonLayout::kLine : JsonLayout::kIndented);
    } else if (follow) {
      if (!headed) *env.out << UsageLineHeading();
      headed = true;
      *env.out << UsageLine(stats);
    } else {
      *env.out << UsageText(stats);
    }
    env.out->flush();
    // RunCli() tells.
    if (!*env.out) {
      context.TryCancel();
      return kExitSuccess;
    }
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  return kExitSuccess;
}

}  // namespace reeve
