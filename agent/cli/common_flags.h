#ifndef REEVE_AGENT_CLI_COMMON_FLAGS_H_
#define REEVE_AGENT_CLI_COMMON_FLAGS_H_

#include <optional>
#include <string>
#include <vector>

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

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_COMMON_FLAGS_H_
