#include "agent/api/task_service.pb.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/json_output.h"

namespace reeve {

// The version of this program: no agent is asked.
int VersionCommand(const CommandArgs& args, const CliEnvironment& env) {
  bool json = false;
  FlagSet flags("version", "Prints the version of this program.");
  AddJsonFlag(&flags, &json);
  flags.AddExample("reeve version --json");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  if (json) {
    v1::VersionResponse response;
    response.set_version(env.version);
    response.set_api(env.api_version);
    *env.out << MessageToJson(response, JsonLayout::kIndented);
  } else {
    *env.out << "reeve " << env.version << " (api " << env.api_version << ")\n";
  }
  return kExitSuccess;
}

}  // namespace reeve
