#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/json_output.h"
#include "agent/cli/limit_flags.h"
#include "agent/cli/limit_update_text.h"
#include "agent/cli/memory_decrease_flags.h"
#include "agent/cli/policy_bound_flags.h"
#include "agent/cli/stop_flags.h"
#include "grpcpp/client_context.h"

namespace reeve {

int UpdateCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool json = false;
  v1::UpdateRequest request;
  FlagSet flags("update",
                "Changes limits of a running task: all that are named, or "
                "none. Shows the files that were written.");
  flags.AddArgument("ID", "The task", request.mutable_id());
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  AddLimitFlags(&flags, [&request] { return request.mutable_limits(); });
  bool force = false;
  AddMemoryDecreaseFlags(
      &flags, &force, [&request] { return request.mutable_reclaim_timeout(); });
  AddPolicyBoundChangeFlags(&flags, &request);
  AddStopChangeFlags(&flags, &request);
  flags.AddExample("reeve update web --memory 512M --cpus 2");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;
  const bool has_bounds = request.has_cpus_max() ||
                          request.has_memory_max_bytes() ||
                          request.has_priority();
  const bool has_stop =
      request.has_stop_signal() || request.has_stop_grace_usec();
  if (!request.has_limits() && !has_bounds && !has_stop) {
    return ReportError(absl::InvalidArgumentError(
                           "update: no limit named: use --memory, --cpus, "
                           "--pids or another of reeve update --help"),
                       *env.err);
  }

  request.set_force(force);
  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  grpc::ClientContext context;
  v1::UpdateResponse response;
  const grpc::Status status =
      agent->stub().Update(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);

  if (json) {
    *env.out << MessageToJson(response, JsonLayout::kIndented);
  } else {
    // Bounds are in no file of the kernel's.
    if (request.has_limits()) *env.out << LimitUpdateText(response);
  }
  return kExitSuccess;
}

}  // namespace reeve
