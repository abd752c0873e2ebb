#include "agent/cli/cli_environment.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
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

// Root has /run/reeve. Others have a directory of their own, which their login
// session makes and names in XDG_RUNTIME_DIR.
std::string DefaultStateDir() {
  if (geteuid() == 0) return "/run/reeve";
  const char* runtime_dir = std::getenv("XDG_RUNTIME_DIR");
  if (runtime_dir == nullptr || runtime_dir[0] != '/') return "";
  return absl::StrCat(runtime_dir, "/reeve");
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
  env.default_state_dir = DefaultStateDir();
  env.default_socket = env.default_state_dir.empty()
                           ? ""
                           : absl::StrCat(env.default_state_dir, "/reeve.sock");
  env.now = [] { return absl::Now(); };
  return env;
}

}  // namespace reeve
