#ifndef REEVE_AGENT_CLI_MANUAL_PAGES_H_
#define REEVE_AGENT_CLI_MANUAL_PAGES_H_

#include <string>
#include <vector>

#include "agent/cli/command_description.h"

namespace reeve {

struct ManualPage {
  // Of its file: "reeve-run.1".
  std::string name;
  // For man(1).
  std::string text;
};

// The manual of section 1: a page for reeve, and one for each command.
std::vector<ManualPage> ManualPages(
    const std::vector<CommandDescription>& commands,
    const std::string& version);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_MANUAL_PAGES_H_
