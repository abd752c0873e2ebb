#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/event_text.h"
#include "agent/cli/json_output.h"
#include "grpcpp/client_context.h"

namespace reeve {
namespace {

absl::StatusOr<uint64_t> ParseNumber(const std::string& text) {
  uint64_t number;
  if (absl::SimpleAtoi(text, &number)) return number;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\": use a number, such as 42"));
}

void AddEventFlags(FlagSet* flags, v1::EventsRequest* request, bool* follow) {
  flags->AddSwitch("-f,--follow", "Go on with what happens", follow);
  flags->AddValue("--since-sequence", "N",
                  "Only those behind number N, that of the event seen last",
                  [request](const std::string& text) {
                    const auto number = ParseNumber(text);
                    if (number.ok()) request->set_after_sequence(*number);
                    return number.status();
                  });
  flags->AddValue("--stream-id", "ID",
                  "The stream_id of that event, to find out that the agent was "
                  "started anew",
                  [request](const std::string& text) {
                    const auto number = ParseNumber(text);
                    if (number.ok()) request->set_stream_id(*number);
                    return number.status();
                  });
  flags->AddList("--task", "ID", "Only of this task",
                 [request](const std::string& text) {
                   request->add_task(text);
                   return absl::OkStatus();
                 });
  flags->AddList("--type", "TYPE", "Only of this type, such as oom_kill",
                 [request](const std::string& text) {
                   const auto type = EventTypeFromText(text);
                   if (type.ok()) request->add_type(*type);
                   return type.status();
                 });
  flags->AddText("--group", "GROUP", "Only of this group and its tasks",
                 request->mutable_group());
}

}  // namespace

int EventsCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  bool json = false;
  bool follow = false;
  v1::EventsRequest request;
  FlagSet flags("events",
                "Shows what happened to tasks and groups, oldest first.");
  AddEventFlags(&flags, &request, &follow);
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  flags.AddExample("reeve events --follow --type exited --type oom_kill");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);

  request.set_follow(follow);
  grpc::ClientContext context;
  const auto reader = agent->stub().Events(&context, request);
  v1::Event event;
  while (reader->Read(&event)) {
    *env.out << (json ? MessageToJson(event, JsonLayout::kLine)
                      : EventLine(event, absl::LocalTimeZone()));
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
