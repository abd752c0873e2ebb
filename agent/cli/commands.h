#ifndef REEVE_AGENT_CLI_COMMANDS_H_
#define REEVE_AGENT_CLI_COMMANDS_H_

#include <string>
#include <vector>

#include "agent/cli/cli_environment.h"

namespace reeve {

// The commands of reeve. Each takes the arguments behind its name, prints to
// the streams of `env` and returns the exit code.
using CommandArgs = std::vector<std::string>;

int AdoptCommand(const CommandArgs& args, const CliEnvironment& env);
int AgentCommand(const CommandArgs& args, const CliEnvironment& env);
int ApplyCommand(const CommandArgs& args, const CliEnvironment& env);
int AttachCommand(const CommandArgs& args, const CliEnvironment& env);
int DoctorCommand(const CommandArgs& args, const CliEnvironment& env);
int EventsCommand(const CommandArgs& args, const CliEnvironment& env);
int ExecCommand(const CommandArgs& args, const CliEnvironment& env);
int GroupCommand(const CommandArgs& args, const CliEnvironment& env);
int InspectCommand(const CommandArgs& args, const CliEnvironment& env);
int LogsCommand(const CommandArgs& args, const CliEnvironment& env);
int PauseCommand(const CommandArgs& args, const CliEnvironment& env);
int PolicyCommand(const CommandArgs& args, const CliEnvironment& env);
int PsCommand(const CommandArgs& args, const CliEnvironment& env);
int RemoveCommand(const CommandArgs& args, const CliEnvironment& env);
int ResumeCommand(const CommandArgs& args, const CliEnvironment& env);
int RunCommand(const CommandArgs& args, const CliEnvironment& env);
int SignalCommand(const CommandArgs& args, const CliEnvironment& env);
int StatsCommand(const CommandArgs& args, const CliEnvironment& env);
int StopCommand(const CommandArgs& args, const CliEnvironment& env);
int TopCommand(const CommandArgs& args, const CliEnvironment& env);
int UpdateCommand(const CommandArgs& args, const CliEnvironment& env);
int VersionCommand(const CommandArgs& args, const CliEnvironment& env);
int WaitCommand(const CommandArgs& args, const CliEnvironment& env);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_COMMANDS_H_
