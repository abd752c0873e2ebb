#ifndef REEVE_AGENT_CLI_RUN_FLAGS_H_
#define REEVE_AGENT_CLI_RUN_FLAGS_H_

#include <string>

#include "agent/agent_options.h"
#include "agent/api/task_service.pb.h"
#include "agent/cli/cli_environment.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// What `reeve run` is told.
struct RunOptions {
  v1::TaskSpec spec;
  // Do not wait for the end of the task.
  bool detach = false;
  // Do not forget the task once it has exited.
  bool keep = false;
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
