#ifndef REEVE_AGENT_CLI_FLAG_SET_H_
#define REEVE_AGENT_CLI_FLAG_SET_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/cli/command_description.h"

namespace reeve {

// The flags and arguments of one command: parses them and prints their help.
// Flags are "--name VALUE" or "--name=VALUE", in any order with the arguments;
// what follows "--" is never a flag. Thread-compatible.
class FlagSet {
 public:
  // Takes a value; its error is reported behind the name of the flag.
  using Setter = std::function<absl::Status(const std::string& value)>;

  enum class Outcome { kParsed, kHelpWanted };

  // `command` is "run", `summary` a sentence for the help.
  FlagSet(const std::string& command, const std::string& summary);
  ~FlagSet();
  FlagSet(const FlagSet&) = delete;
  FlagSet& operator=(const FlagSet&) = delete;

  // Heading in the help of the flags that are added next.
  void BeginGroup(const std::string& heading);

  // `names` are comma-separated: "-f,--file". `value` names the value.
  // A flag is given once at most, unless it is a list.
  void AddValue(const std::string& names, const std::string& value,
                const std::string& help, Setter setter);
  void AddText(const std::string& names, const std::string& value,
               const std::string& help, std::string* target);
  // May be given any number of times.
  void AddList(const std::string& names, const std::string& value,
               const std::string& help, Setter setter);
  void AddSwitch(const std::string& names, const std::string& help,
                 bool* target);
  // "--PREFIX.NAME" turns it on and "--no-PREFIX.NAME", which the help does not
  // list, off; of several the last one counts. `name` is "PREFIX.NAME".
  void AddToggle(const std::string& name, const std::string& help,
                 bool* target);

  // A required argument, in the order of the calls.
  void AddArgument(const std::string& name, const std::string& help,
                   std::string* target);

  // Lets a program with its arguments follow the flags, with or without "--":
  // everything from the first argument on is taken as it stands.
  void AddProgram(std::vector<std::string>* target);

  // A line, or more, at the end of the help.
  void AddExample(const std::string& example);

  // Sets the targets and calls the setters in the order in which the flags were
  // added. kInvalidArgument with one line for what it cannot take. All targets
  // must still be alive.
  absl::StatusOr<Outcome> Parse(const std::vector<std::string>& args);

  // Ends with a line break.
  std::string Help() const;

  // The same, for other texts; without a title.
  CommandDescription Describe() const;

  const std::string& command() const { return command_; }

 private:
  struct Impl;

  const std::string command_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_FLAG_SET_H_
