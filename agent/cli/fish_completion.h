#ifndef REEVE_AGENT_CLI_FISH_COMPLETION_H_
#define REEVE_AGENT_CLI_FISH_COMPLETION_H_

#include <string>
#include <vector>

#include "agent/cli/command_description.h"

namespace reeve {

// The script that lets fish complete `commands`; ids of tasks and names of
// groups it asks the agent for.
std::string FishCompletion(const std::vector<CommandDescription>& commands);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_FISH_COMPLETION_H_
