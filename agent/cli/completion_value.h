#ifndef REEVE_AGENT_CLI_COMPLETION_VALUE_H_
#define REEVE_AGENT_CLI_COMPLETION_VALUE_H_

#include <string>
#include <vector>

#include "agent/cli/command_description.h"

namespace reeve {

// What a shell offers for the value of a flag or for an argument.
struct CompletionValue {
  enum class Kind { kNothing, kFiles, kDirectories, kTasks, kGroups };

  Kind kind = Kind::kNothing;
  // Offered as well.
  std::vector<std::string> words;
};

// Told by what the value is called: "FILE", "GROUP", "yes|no". For a flag that
// has a value.
CompletionValue ValueOf(const FlagDescription& flag);
CompletionValue ValueOf(const ArgumentDescription& argument);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_COMPLETION_VALUE_H_
