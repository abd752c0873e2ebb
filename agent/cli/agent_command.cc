#include "agent/cli/agent_flags.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"

namespace reeve {

int AgentCommand(const CommandArgs& args, const CliEnvironment& env) {
  AgentOptions options;
  FlagSet flags("agent",
                "Serves tasks to the other commands, and their metrics to "
                "Prometheus, until it gets SIGTERM or SIGINT.");
  AddAgentFlags(&flags, &options);
  flags.AddExample(
      "reeve agent --sample-interval 500ms --web.listen-address :19100");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;
  const absl::Status asked = CheckAgentFlags(options);
  if (!asked.ok()) return ReportError(asked, *env.err);
  const absl::Status chosen = ChooseStateDir(env, &options.state_dir);
  if (!chosen.ok()) return ReportError(chosen, *env.err);
  return env.run_agent(options);
}

}  // namespace reeve
