#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/policy/policy_file.h"
#include "agent/policy/policy_text.h"

namespace reeve {
namespace {

int CheckCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string path;
  FlagSet flags("policy check",
                "Reads a policy file as the agent does, and prints what each "
                "rule means. What a rule needs of the host is looked at by the "
                "agent.");
  flags.AddArgument("FILE", "The file", &path);
  flags.AddExample("reeve policy check /etc/reeve/policy.yml");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;
  const absl::StatusOr<Policy> policy =
      ReadPolicy(path, TrustedWriters::kAnybody);
  if (!policy.ok()) return ReportError(policy.status(), *env.err);
  for (const PolicyRule& rule : policy->rules) {
    *env.out << RuleText(rule) << "\n";
  }
  return kExitSuccess;
}

constexpr char kOverview[] =
    "Rules by which an agent acts on what it measures: it raises and lowers "
    "limits,\nand stops tasks. \"reeve agent --policy FILE\" follows them.\n\n"
    "Usage: reeve policy check FILE\n\n"
    "  check     Read a policy file, and print what its rules mean\n\n"
    "Example:\n"
    "  reeve policy check /etc/reeve/policy.yml\n";

}  // namespace

int PolicyCommand(const CommandArgs& args, const CliEnvironment& env) {
  if (env.describe) return CheckCommand({}, env);
  if (args.empty()) {
    return ReportError(absl::InvalidArgumentError(
                           "policy: no command: see \"reeve policy --help\""),
                       *env.err);
  }
  const std::string& name = args.front();
  if (name == "--help" || name == "-h") {
    *env.out << kOverview;
    return kExitSuccess;
  }
  if (name == "check") return CheckCommand({args.begin() + 1, args.end()}, env);
  return ReportError(
      absl::InvalidArgumentError(absl::StrCat(
          "policy ", name, ": not a command: see \"reeve policy --help\"")),
      *env.err);
}

}  // namespace reeve
