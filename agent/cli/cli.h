#ifndef REEVE_AGENT_CLI_CLI_H_
#define REEVE_AGENT_CLI_CLI_H_

#include <vector>

#include "agent/cli/cli_environment.h"
#include "agent/cli/command_description.h"

namespace reeve {

// Runs the command that `env.args` names. Returns the exit code of reeve: the
// task's for `run` and `wait`, 125 where reeve or the agent failed.
int RunCli(const CliEnvironment& env);

// What each command takes, in the order of the overview; "group" has one for
// each of its own commands.
std::vector<CommandDescription> DescribeCommands(const CliEnvironment& env);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_CLI_H_
