#ifndef REEVE_AGENT_CLI_COMMON_FLAGS_H_
#define REEVE_AGENT_CLI_COMMON_FLAGS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "agent/cli/cli_environment.h"
#include "agent/cli/flag_set.h"

namespace reeve {

void AddSocketFlag(FlagSet* flags, std::string* socket);
void AddJsonFlag(FlagSet* flags, bool* json);

// Parses. Returns the exit code if the command ends here: the help was asked
// for and printed, or an error was reported.
std::optional<int> ParseFlags(FlagSet* flags,
                              const std::vector<std::string>& args,
                              const CliEnvironment& env);

// Sets a state directory that no flag has named to the default.
// kFailedPrecondition if there is none.
absl::Status ChooseStateDir(const CliEnvironment& env, std::string* state_dir);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_COMMON_FLAGS_H_
