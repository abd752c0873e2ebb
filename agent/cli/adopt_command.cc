#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/limit_flags.h"
#include "agent/cli/policy_bound_flags.h"
#include "agent/cli/stop_flags.h"
#include "grpcpp/client_context.h"

namespace reeve {

int AdoptCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  std::string pid;
  bool tree = false;
  v1::AdoptRequest request;
  v1::TaskSpec& spec = *request.mutable_spec();
  FlagSet flags("adopt",
                "Takes a process that runs already into a task of its own, to "
                "be measured, limited and stopped as any other. Memory that it "
                "has by now stays charged where it was.");
  flags.AddArgument("PID", "The process", &pid);
  flags.AddSwitch("--tree", "With all that it has started", &tree);
  flags.AddText("--id", "ID", "Name of the task [pid-PID]", spec.mutable_id());
  flags.AddText("--group", "GROUP", "Label of tasks that belong together",
                spec.mutable_group());
  AddSocketFlag(&flags, &socket);
  AddLimitFlags(&flags, [&spec] { return spec.mutable_limits(); });
  AddPolicyBoundFlags(&flags, [&spec] { return &spec; });
  AddStopFlags(&flags, [&spec] { return &spec; });
  flags.AddExample("reeve adopt 4711 --tree --id backup --cpus 0.5");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;
  int32_t number = 0;
  if (!absl::SimpleAtoi(pid, &number) || number <= 0) {
    return ReportError(
        absl::InvalidArgumentError(absl::StrCat(
            "adopt: \"", pid, "\" is no pid: give that of a process")),
        *env.err);
  }
  request.set_pid(number);
  request.set_tree(tree);

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);
  grpc::ClientContext context;
  v1::AdoptResponse response;
  const grpc::Status status = agent->stub().Adopt(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  *env.out << response.id() << "\n";
  return kExitSuccess;
}

}  // namespace reeve
