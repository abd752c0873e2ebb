#include "agent/cli/common_flags.h"

#include "absl/strings/str_cat.h"
#include "agent/cli/error_report.h"

namespace reeve {

void AddSocketFlag(FlagSet* flags, std::string* socket) {
  flags->AddText("--socket", "PATH",
                 "The agent's socket [$REEVE_SOCKET, or /run/reeve/reeve.sock]",
                 socket);
}

void AddJsonFlag(FlagSet* flags, bool* json) {
  flags->AddSwitch("--json", "Print JSON", json);
}

std::optional<int> ParseFlags(FlagSet* flags,
                              const std::vector<std::string>& args,
                              const CliEnvironment& env) {
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

}  // namespace reeve
