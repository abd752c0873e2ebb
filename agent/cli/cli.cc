#include "agent/cli/cli.h"

#include <cerrno>
#include <cstring>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/cli/commands.h"
#include "agent/cli/completion_command.h"
#include "agent/cli/error_report.h"
#include "agent/cli/flag_set.h"

namespace reeve {
namespace {

struct Command {
  const char* name;
  const char* summary;
  int (*run)(const CommandArgs& args, const CliEnvironment& env);
};

struct CommandGroup {
  const char* heading;
  std::vector<Command> commands;
};

std::vector<CommandGroup> Commands() {
  return {
      {"Start",
       {{"run", "Run a program as a task, with or without an agent",
         RunCommand},
        {"adopt", "Take a process that runs already into a task", AdoptCommand},
        {"apply", "Make tasks what files describe", ApplyCommand},
        {"exec", "Run a further command in a task", ExecCommand},
        {"agent", "Serve tasks and their metrics", AgentCommand}}},
      {"Watch",
       {{"ps", "List tasks", PsCommand},
        {"top", "Show what all tasks use, live", TopCommand},
        {"stats", "Show what a task uses", StatsCommand},
        {"events", "Show what happened to tasks", EventsCommand},
        {"inspect", "Show all that is known of a task", InspectCommand},
        {"logs", "Show what a task wrote to its log files", LogsCommand},
        {"attach", "Connect to the streams of a task", AttachCommand},
        {"wait", "Wait for the end of a task", WaitCommand}}},
      {"Change",
       {{"update", "Change the limits of a running task", UpdateCommand},
        {"pause", "Hold a task still", PauseCommand},
        {"resume", "Let a paused task go on", ResumeCommand},
        {"group", "Limit tasks together: group set, ls and rm", GroupCommand},
        {"policy", "Check the rules by which the agent changes limits",
         PolicyCommand},
        {"signal", "Send a signal to a task", SignalCommand},
        {"stop", "End a task and all that it started", StopCommand},
        {"rm", "Forget a task that has exited", RemoveCommand}}},
      {"About",
       {{"doctor", "Show what this host can enforce and measure",
         DoctorCommand},
        {"completion", "Print what lets a shell complete commands",
         CompletionCommand},
        {"version", "Print the version", VersionCommand}}},
  };
}

// Whether all that was printed has arrived, which a full disk and a closed
// descriptor tell last.
absl::Status FinishOutput(std::ostream& out) {
  errno = 0;
  out.flush();
  if (out) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("standard output cannot be written",
                   errno == 0 ? "" : absl::StrCat(": ", std::strerror(errno)),
                   ": what was to be printed is not complete"));
}

std::string Overview() {
  std::string text =
      "Launches tasks, limits what they use, and measures it.\n\n"
      "Usage: reeve COMMAND [FLAGS] [ID] [-- PROGRAM ARGS...]\n";
  for (const CommandGroup& group : Commands()) {
    absl::StrAppend(&text, "\n", group.heading, ":\n");
    for (const Command& command : group.commands) {
      absl::StrAppendFormat(&text, "  %-12s%s\n", command.name,
                            command.summary);
    }
  }
  absl::StrAppend(&text,
                  "\n\"reeve COMMAND --help\" shows the flags of a command.\n"
                  "\nExample:\n"
                  "  reeve run --memory 64M --cpus 0.5 -- sleep 10\n");
  return text;
}

int RunCommandNamed(const CliEnvironment& env) {
  CommandArgs args = env.args;
  if (args.empty()) {
    return ReportError(
        absl::InvalidArgumentError("no command: see \"reeve --help\""),
        *env.err);
  }
  // "help run" is "run --help".
  if (args.front() == "help" && args.size() > 1) args = {args[1], "--help"};
  if (args.front() == "--version") args.front() = "version";
  const std::string& name = args.front();
  if (name == "--help" || name == "-h" || name == "help") {
    *env.out << Overview();
    return kExitSuccess;
  }

  for (const CommandGroup& group : Commands()) {
    for (const Command& command : group.commands) {
      if (name != command.name) continue;
      return command.run({args.begin() + 1, args.end()}, env);
    }
  }
  return ReportError(absl::InvalidArgumentError(absl::StrCat(
                         name, ": not a command: see \"reeve --help\"")),
                     *env.err);
}

}  // namespace

int RunCli(const CliEnvironment& env) {
  const int exit_code = RunCommandNamed(env);
  const absl::Status printed = FinishOutput(*env.out);
  // That of a task, or of another error, says more.
  if (printed.ok() || exit_code != kExitSuccess) return exit_code;
  return ReportError(printed, *env.err);
}

std::vector<CommandDescription> DescribeCommands(const CliEnvironment& env) {
  std::vector<CommandDescription> descriptions;
  CliEnvironment describing = env;
  describing.describe = [&descriptions](const FlagSet& flags) {
    descriptions.push_back(flags.Describe());
  };
  for (const CommandGroup& group : Commands()) {
    for (const Command& command : group.commands) {
      const size_t before = descriptions.size();
      command.run({}, describing);
      // Those of "group" and "policy" have a summary of their own.
      if (descriptions.size() == before + 1 &&
          descriptions.back().name == command.name) {
        descriptions.back().title = command.summary;
      }
    }
  }
  return descriptions;
}

}  // namespace reeve
