#ifndef REEVE_AGENT_CLI_COMMAND_DESCRIPTION_H_
#define REEVE_AGENT_CLI_COMMAND_DESCRIPTION_H_

#include <string>
#include <vector>

namespace reeve {

struct FlagDescription {
  // "-f" and "--file": the short ones first, one at least.
  std::vector<std::string> names;
  // "--no-NAME", which turns it off; empty if nothing does.
  std::string negation;
  // What its value is called, such as "FILE" or "yes|no"; empty for a switch.
  std::string value;
  std::string help;
  // Of the part of the help in which it stands.
  std::string heading;
  // May be given more than once.
  bool is_list = false;
};

struct ArgumentDescription {
  std::string name;
  std::string help;
};

// What one command takes: what its help, its manual page and the completion of
// shells are made of.
struct CommandDescription {
  // "run" or "group set".
  std::string name;
  // One line without a period; empty where the overview has none.
  std::string title;
  // A sentence, or more.
  std::string summary;
  std::vector<FlagDescription> flags;
  // All of them required, in this order.
  std::vector<ArgumentDescription> arguments;
  // A program and its arguments follow.
  bool takes_program = false;
  // One line, or more.
  std::string example;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_COMMAND_DESCRIPTION_H_
