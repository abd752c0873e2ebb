#include "agent/cli/cli_environment.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "absl/time/clock.h"

namespace reeve {
namespace {

std::optional<size_t> TerminalColumns() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return std::nullopt;
  }
  return size.ws_col;
}

}  // namespace

CliEnvironment SystemCliEnvironment(int argc, char** argv) {
  CliEnvironment env;
  if (argc > 1) env.args.assign(argv + 1, argv + argc);
  env.out = &std::cout;
  env.err = &std::cerr;
  env.columns = TerminalColumns();
  env.getenv = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
  env.now = [] { return absl::Now(); };
  return env;
}

}  // namespace reeve
