#ifndef REEVE_AGENT_CLI_COMPLETION_COMMAND_H_
#define REEVE_AGENT_CLI_COMPLETION_COMMAND_H_

#include "agent/cli/commands.h"

namespace reeve {

// `reeve completion SHELL`: beside the table of the commands, not among them,
// since it tells of them all.
int CompletionCommand(const CommandArgs& args, const CliEnvironment& env);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_COMPLETION_COMMAND_H_
