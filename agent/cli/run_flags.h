#ifndef REEVE_AGENT_CLI_RUN_FLAGS_H_
#define REEVE_AGENT_CLI_RUN_FLAGS_H_

#include <string>

#include "agent/agent_options.h"
#include "agent/api/task_service.pb.h"
#include "agent/cli/cli_environment.h"
#include "agent/cli/flag_set.h"
#include "agent/cli/native_flags.h"

namespace reeve {

// What `reeve run` is told.
struct RunOptions {
  v1::TaskSpec spec;
  // Do not wait for the end of the task.
  bool detach = false;
  // Connect this command's input to the task by a pipe.
  bool interactive = false;
  // Do not forget the task once it has exited.
  bool keep = false;
  // A terminal for the task.
  bool tty = false;
  bool kill_on_agent_exit = false;
  NativeSwitches native;
  // Show on standard error where the time of the launch went.
  bool trace = false;
  std::string socket;
  // For the agent inside this process where no other runs.
  AgentOptions local_agent;
};

// Adds the flags of `reeve run`, a spec file among them: the other flags
// override it. `options` and `env` must outlive the parsing.
void AddRunFlags(FlagSet* flags, const CliEnvironment& env,
                 RunOptions* options);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_RUN_FLAGS_H_
