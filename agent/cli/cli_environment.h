#ifndef REEVE_AGENT_CLI_CLI_ENVIRONMENT_H_
#define REEVE_AGENT_CLI_CLI_ENVIRONMENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/agent_options.h"
#include "base/unique_fd.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace reeve {

class FlagSet;

// An agent inside this process, for `reeve run` where no agent runs.
struct LocalAgentConnection {
  std::shared_ptr<grpc::Channel> channel;
  // Keeps standard streams for a launch; returns the token for them.
  std::function<std::string(UniqueFd in, UniqueFd out, UniqueFd err)>
      stash_stdio;
  // Ends the agent when released.
  std::shared_ptr<void> agent;
};

// All that the command line takes from outside: what it is given, where it
// prints, and the agent that it starts.
struct CliEnvironment {
  // What follows the name of the program.
  std::vector<std::string> args;
  // Shown by `reeve version`.
  std::string version;
  std::string api_version;

  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  // Handed to a task in the foreground.
  int stdin_fd = 0;
  int stdout_fd = 1;
  int stderr_fd = 2;
  // Width of the terminal; nullopt if the output is none, which cuts nothing.
  std::optional<size_t> columns;

  std::function<std::optional<std::string>(const std::string& name)> getenv;
  std::function<absl::Time()> now;
  // Where an agent keeps its state, and where one is looked for, that nobody
  // named. Empty if there is no place for them.
  std::string default_state_dir = "/run/reeve";
  std::string default_socket = "/run/reeve/reeve.sock";

  // `reeve agent`: serves until it is told to end; returns the exit code.
  std::function<int(const AgentOptions& options)> run_agent;
  std::function<absl::StatusOr<LocalAgentConnection>(
      const AgentOptions& options)>
      start_local_agent;

  // If set, a command hands its flags over and does nothing else.
  std::function<void(const FlagSet& flags)> describe;
};

// The environment of this process; version and agent are for the caller to set.
CliEnvironment SystemCliEnvironment(int argc, char** argv);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_CLI_ENVIRONMENT_H_
