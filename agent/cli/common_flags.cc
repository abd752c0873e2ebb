#include "agent/cli/common_flags.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/error_report.h"

namespace reeve {

void AddSocketFlag(FlagSet* flags, std::string* socket) {
  flags->AddText("--socket", "PATH",
                 "The agent's socket [$REEVE_SOCKET, /run/reeve/reeve.sock, or "
                 "$XDG_RUNTIME_DIR/reeve/reeve.sock for others than root]",
                 socket);
}

void AddJsonFlag(FlagSet* flags, bool* json) {
  flags->AddSwitch("--json", "Print JSON", json);
}

std::optional<int> ParseFlags(FlagSet* flags,
                              const std::vector<std::string>& args,
                              const CliEnvironment& env) {
  if (env.describe) {
    env.describe(*flags);
    return kExitSuccess;
  }
  const absl::StatusOr<FlagSet::Outcome> outcome = flags->Parse(args);
  if (!outcome.ok()) {
    return ReportError(absl::InvalidArgumentError(absl::StrCat(
                           flags->command(), ": ", outcome.status().message())),
                       *env.err);
  }
  if (*outcome == FlagSet::Outcome::kHelpWanted) {
    *env.out << flags->Help();
    return kExitSuccess;
  }
  return std::nullopt;
}

absl::Status ChooseStateDir(const CliEnvironment& env, std::string* state_dir) {
  if (state_dir->empty()) *state_dir = env.default_state_dir;
  if (!state_dir->empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "no place for the state of tasks: XDG_RUNTIME_DIR is not set; set it, or "
      "name a directory by --state-dir");
}

}  // namespace reeve
