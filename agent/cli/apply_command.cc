#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/apply_text.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/json_output.h"
#include "agent/cli/path.h"
#include "agent/spec/spec_directory.h"
#include "agent/spec/template_values.h"
#include "agent/task_files/api_task_host.h"
#include "agent/task_files/apply_planner.h"
#include "agent/task_files/directory_identity.h"
#include "agent/task_files/step_runner.h"
#include "base/configuration_file.h"
#include "base/utf8.h"

namespace reeve {
namespace {

constexpr char kOriginPrefix[] = "apply:";

struct ApplyOptions {
  std::string path;
  std::string env_file;
  std::string socket;
  bool dry_run = false;
  bool prune = false;
  bool json = false;
};

struct Specs {
  std::vector<SpecFile> files;
  // Empty if a single file was named.
  std::string directory;
};

absl::StatusOr<TemplateValues> ReadValues(const ApplyOptions& options) {
  if (options.env_file.empty()) return TemplateValues();
  return ReadTemplateValues(options.env_file, TrustedWriters::kAnybody);
}

bool IsDirectory(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// As it stands in the origin of tasks: seen from anywhere.
absl::StatusOr<std::string> PlainPath(const std::string& text) {
  const absl::StatusOr<std::string> absolute = AbsolutePath(text);
  if (!absolute.ok()) return absolute.status();
  absl::string_view path = *absolute;
  while (absl::ConsumeSuffix(&path, "/.") || absl::ConsumeSuffix(&path, "/")) {
  }
  return std::string(path);
}

absl::StatusOr<Specs> LoadSpecs(const ApplyOptions& options) {
  const absl::StatusOr<TemplateValues> values = ReadValues(options);
  if (!values.ok()) return values.status();
  const absl::StatusOr<std::string> path = PlainPath(options.path);
  if (!path.ok()) return path.status();
  Specs specs;
  if (!IsDirectory(*path)) {
    if (options.prune) {
      return absl::InvalidArgumentError(absl::StrCat(
          "apply: --prune needs a directory, and ", options.path, " is none"));
    }
    specs.files.push_back(
        LoadSpecFile(*path, *values, TrustedWriters::kAnybody));
    return specs;
  }
  const absl::StatusOr<std::vector<std::string>> names = ListSpecFiles(*path);
  if (!names.ok()) return names.status();
  specs.directory = *path;
  specs.files.reserve(names->size());
  for (const std::string& name : *names) {
    specs.files.push_back(LoadSpecFile(absl::StrCat(*path, "/", name), *values,
                                       TrustedWriters::kAnybody));
  }
  return specs;
}

ApplyRules RulesOf(const ApplyOptions& options, const Specs& specs) {
  ApplyRules rules;
  rules.origin_prefix = kOriginPrefix;
  if (options.prune) {
    rules.owns_directory = [directory =
                                specs.directory](const std::string& other) {
      return IsSameDirectory(other, directory);
    };
  }
  rules.launches_exited = true;
  rules.knows_all_tasks = true;
  return rules;
}

// Prints what was done, or is to be. Returns the exit code.
int Report(const std::vector<ApplyStep>& steps, const ApplyOptions& options,
           const CliEnvironment& env) {
  int exit_code = kExitSuccess;
  v1::ApplyReport report;
  report.set_dry_run(options.dry_run);
  for (const ApplyStep& step : steps) {
    *report.add_steps() = ToReport(step);
    if (!step.status.ok()) {
      const absl::Status told(step.status.code(),
                              OneLine(step.status.message()));
      (void)ReportError(told, *env.err);
      exit_code = kExitFailed;
    } else if (!options.json) {
      *env.out << ApplyLine(step);
    }
  }
  if (options.json) {
    *env.out << MessageToJson(report, JsonLayout::kIndented);
  } else if (options.dry_run) {
    *env.out << "dry run: nothing was done\n";
  }
  return exit_code;
}

int Apply(const ApplyOptions& options, const CliEnvironment& env) {
  const absl::StatusOr<Specs> specs = LoadSpecs(options);
  if (!specs.ok()) return ReportError(specs.status(), *env.err);
  absl::StatusOr<AgentClient> agent =
      AgentClient::Connect(FindAgentAddress(options.socket, env));
  if (!agent.ok()) return ReportError(agent.status(), *env.err);
  ApiTaskHost host(agent->stub());
  const absl::StatusOr<std::vector<KnownTask>> tasks = host.List();
  if (!tasks.ok()) return ReportError(tasks.status(), *env.err);
  std::vector<ApplyStep> steps = PlanSteps(
      specs->files, *tasks,
      [&host](const std::string& id) { return host.CurrentSpec(id); },
      RulesOf(options, *specs));
  CheckRestarts(host, &steps);
  if (!options.dry_run) RunSteps(kOriginPrefix, host, &steps);
  return Report(steps, options, env);
}

}  // namespace

int ApplyCommand(const CommandArgs& args, const CliEnvironment& env) {
  ApplyOptions options;
  FlagSet flags("apply",
                "Makes tasks what files describe: launches those that are not "
                "there, changes limits while they run, and restarts them for "
                "any other change. Leaves tasks alone that it has not made.");
  flags.AddText("-f,--file", "FILE|DIR",
                "Task spec, NAME.yaml or NAME.json, or a directory of them",
                &options.path);
  flags.AddSwitch("--dry-run", "Show what would be done, and do nothing",
                  &options.dry_run);
  flags.AddSwitch(
      "--prune",
      "Stop tasks that were applied from this directory and that no "
      "file of it wants any more",
      &options.prune);
  flags.AddText("--env-file", "FILE",
                "Lines NAME=value, for ${NAME} in the files [none]",
                &options.env_file);
  AddJsonFlag(&flags, &options.json);
  AddSocketFlag(&flags, &options.socket);
  flags.AddExample("reeve apply -f /etc/reeve/web.yaml --dry-run");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;
  if (options.path.empty()) {
    return ReportError(
        absl::InvalidArgumentError("apply: no file named: use -f FILE|DIR"),
        *env.err);
  }
  return Apply(options, env);
}

}  // namespace reeve
