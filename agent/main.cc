#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "agent/agent.h"
#include "agent/cli/cli.h"
#include "agent/cli/cli_environment.h"
#include "agent/version.h"

namespace {

absl::StatusOr<reeve::LocalAgentConnection> StartLocalAgent(
    const reeve::AgentOptions& options) {
  absl::StatusOr<std::unique_ptr<reeve::Agent>> started =
      reeve::Agent::StartLocal(options);
  if (!started.ok()) return started.status();
  const std::shared_ptr<reeve::Agent> agent = *std::move(started);
  return reeve::LocalAgentConnection{
      agent->InProcessChannel(),
      [agent](reeve::UniqueFd in, reeve::UniqueFd out, reeve::UniqueFd err) {
        return agent->StashStreams(
            {std::move(in), std::move(out), std::move(err)});
      },
      agent};
}

// Else the next file that is opened has the number of a closed stream, and what
// is printed goes there. Like this, using the stream stays an error.
void TakeClosedStreams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest number that is free: `fd`.
    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  TakeClosedStreams();
  reeve::CliEnvironment env = reeve::SystemCliEnvironment(argc, argv);
  env.version = reeve::kVersion;
  env.api_version = reeve::kApiVersion;
  env.run_agent = reeve::RunAgent;
  env.start_local_agent = StartLocalAgent;
  return reeve::RunCli(env);
}
