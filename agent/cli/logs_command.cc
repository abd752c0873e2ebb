#include <cstdint>
#include <ostream>
#include <string>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "base/quantity.h"
#include "grpcpp/client_context.h"

namespace reeve {

int LogsCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool follow = false;
  v1::LogsRequest request;
  FlagSet flags("logs",
                "Shows what a task wrote to its log files, on standard output "
                "and standard error as the task did.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  flags.AddSwitch("-f,--follow", "Go on until the task ends", &follow);
  flags.AddValue("--tail", "N", "Begin with the last N lines of each [all]",
                 [&request](const std::string& text) {
                   const absl::StatusOr<uint64_t> lines = ParseCount(text);
                   if (!lines.ok()) return lines.status();
                   request.set_tail_lines(*lines);
                   return absl::OkStatus();
                 });
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve logs web --tail 20 --follow");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  request.set_follow(follow);
  grpc::ClientContext context;
  const auto reader = agent->stub().Logs(&context, request);
  v1::LogsResponse response;
  while (reader->Read(&response)) {
    std::ostream& to = response.is_stderr() ? *env.err : *env.out;
    to << response.data() << std::flush;
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  return kExitSuccess;
}

}  // namespace reeve
