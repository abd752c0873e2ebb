#ifndef REEVE_AGENT_CLI_COMMAND_NAMES_H_
#define REEVE_AGENT_CLI_COMMAND_NAMES_H_

#include <string>
#include <vector>

#include "agent/cli/command_description.h"

namespace reeve {

// A word of a command's name, and what it does.
struct CommandWord {
  std::string word;
  std::string title;
};

// The words that commands begin with, each once: "run", "group".
std::vector<CommandWord> FirstWords(
    const std::vector<CommandDescription>& commands);

// Those that may follow `first`: "set" after "group"; none after "run".
std::vector<CommandWord> SecondWords(
    const std::vector<CommandDescription>& commands, const std::string& first);

// One line for what a command does: its title, or else what its summary begins
// with, without the period.
std::string TitleOf(const CommandDescription& command);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_COMMAND_NAMES_H_
