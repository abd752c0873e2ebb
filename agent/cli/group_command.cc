#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/group_list_text.h"
#include "agent/cli/json_output.h"
#include "agent/cli/limit_flags.h"
#include "agent/cli/limit_update_text.h"
#include "agent/cli/memory_decrease_flags.h"
#include "grpcpp/client_context.h"

namespace reeve {
namespace {

int SetCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool json = false;
  v1::SetGroupRequest request;
  FlagSet flags(
      "group set",
      "Changes limits that the tasks of a group share: all that are "
      "named, or none. The group is made if it is not there, and "
      "stays until it is removed. Shows the files that were written.");
  flags.AddArgument("GROUP", "The group", request.mutable_group());
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  AddCgroupLimitFlags(&flags, [&request] { return request.mutable_limits(); });
  bool force = false;
  AddMemoryDecreaseFlags(
      &flags, &force, [&request] { return request.mutable_reclaim_timeout(); });
  flags.AddExample("reeve group set shop --memory 2G --cpu-shares 2048");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;
  if (!request.has_limits()) {
    return ReportError(absl::InvalidArgumentError(
                           "group set: no limit named: use --memory, --cpus, "
                           "--pids or another of reeve group set --help"),
                       *env.err);
  }

  request.set_force(force);
  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);
  grpc::ClientContext context;
  v1::SetGroupResponse response;
  const grpc::Status status =
      agent->stub().SetGroup(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);

  if (json) {
    *env.out << MessageToJson(response, JsonLayout::kIndented);
  } else {
    *env.out << LimitUpdateText(response);
  }
  return kExitSuccess;
}

int ListCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool json = false;
  FlagSet flags("group ls",
                "Lists groups: those that have tasks, and those that have "
                "limits of their own.");
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve group ls");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);
  grpc::ClientContext context;
  v1::ListGroupsResponse response;
  const grpc::Status status =
      agent->stub().ListGroups(&context, v1::ListGroupsRequest(), &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  *env.out << (json ? MessageToJson(response, JsonLayout::kIndented)
                    : GroupListText(response));
  return kExitSuccess;
}

int RemoveGroupCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  v1::RemoveGroupRequest request;
  FlagSet flags("group rm",
                "Removes a group that has no tasks, and its limits.");
  flags.AddArgument("GROUP", "The group", request.mutable_group());
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve group rm shop");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);
  grpc::ClientContext context;
  v1::RemoveGroupResponse response;
  const grpc::Status status =
      agent->stub().RemoveGroup(&context, request, &response);
  if (!status.ok()) return ReportError(FromGrpcStatus(status), *env.err);
  return kExitSuccess;
}

struct SubCommand {
  const char* name;
  const char* summary;
  int (*run)(const CommandArgs& args, const CliEnvironment& env);
};

constexpr SubCommand kSubCommands[] = {
    {"set", "Change limits that the tasks of a group share", SetCommand},
    {"ls", "List groups", ListCommand},
    {"rm", "Remove a group that has no tasks", RemoveGroupCommand},
};

std::string Overview() {
  std::string text =
      "Limits tasks together: those that were started with \"reeve run --group "
      "GROUP\".\n\nUsage: reeve group COMMAND [FLAGS] [GROUP]\n\n";
  for (const SubCommand& command : kSubCommands) {
    absl::StrAppendFormat(&text, "  %-10s%s\n", command.name, command.summary);
  }
  absl::StrAppend(&text,
                  "\n\"reeve group COMMAND --help\" shows the flags of a "
                  "command.\n\nExample:\n"
                  "  reeve group set shop --memory 2G --cpu-shares 2048\n");
  return text;
}

}  // namespace

int GroupCommand(const CommandArgs& args, const CliEnvironment& env) {
  if (env.describe) {
    for (const SubCommand& command : kSubCommands) command.run({}, env);
    return kExitSuccess;
  }
  if (args.empty()) {
    return ReportError(absl::InvalidArgumentError(
                           "group: no command: see \"reeve group --help\""),
                       *env.err);
  }
  const std::string& name = args.front();
  if (name == "--help" || name == "-h") {
    *env.out << Overview();
    return kExitSuccess;
  }
  for (const SubCommand& command : kSubCommands) {
    if (name == command.name) {
      return command.run({args.begin() + 1, args.end()}, env);
    }
  }
  return ReportError(
      absl::InvalidArgumentError(absl::StrCat(
          "group: ", name, ": not a command: see \"reeve group --help\"")),
      *env.err);
}

}  // namespace reeve
