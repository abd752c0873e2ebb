#include "agent/cli/completion_command.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/bash_completion.h"
#include "agent/cli/cli.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/fish_completion.h"
#include "agent/cli/zsh_completion.h"

namespace reeve {

int CompletionCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string shell;
  FlagSet flags("completion",
                "Prints a script that lets a shell complete commands, flags, "
                "task ids and groups. The package installs it.");
  flags.AddArgument("SHELL", "bash, zsh or fish", &shell);
  flags.AddExample(
      "source <(reeve completion bash)\n"
      "  reeve completion zsh >~/.zsh/completions/_reeve\n"
      "  reeve completion fish >~/.config/fish/completions/reeve.fish");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  const std::vector<CommandDescription> commands = DescribeCommands(env);
  if (shell == "bash") {
    *env.out << BashCompletion(commands);
  } else if (shell == "zsh") {
    *env.out << ZshCompletion(commands);
  } else if (shell == "fish") {
    *env.out << FishCompletion(commands);
  } else {
    return ReportError(
        absl::InvalidArgumentError(absl::StrCat("completion: SHELL ", shell,
                                                ": use bash, zsh or fish")),
        *env.err);
  }
  return kExitSuccess;
}

}  // namespace reeve
