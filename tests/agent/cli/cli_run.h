#ifndef REEVE_TESTS_AGENT_CLI_CLI_RUN_H_
#define REEVE_TESTS_AGENT_CLI_CLI_RUN_H_

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "agent/cli/cli.h"
#include "agent/cli/cli_environment.h"

namespace reeve {

// One run of the command line, without a terminal and with an empty
// environment. Nothing listens on its default socket. Change `env` before
// Run().
class CliRun {
 public:
  explicit CliRun(std::vector<std::string> args) {
    env.args = std::move(args);
    env.version = "1.2.3";
    env.api_version = "v1";
    env.out = &out_;
    env.err = &err_;
    env.getenv = [](const std::string&) { return std::nullopt; };
    env.now = [] { return absl::FromUnixSeconds(1'000); };
    env.default_socket = "/nonexistent/reeve.sock";
  }

  int Run() { return RunCli(env); }

  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  CliEnvironment env;

 private:
  std::ostringstream out_;
  std::ostringstream err_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_AGENT_CLI_CLI_RUN_H_
