#include "agent/cli/run_flags.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/cli/agent_flags.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/duration_proto.h"
#include "agent/cli/limit_flags.h"
#include "agent/cli/path.h"
#include "agent/cli/policy_bound_flags.h"
#include "agent/cli/restart_flags.h"
#include "agent/cli/stop_flags.h"
#include "agent/spec/spec_file.h"
#include "base/quantity.h"
#include "enforcement/spec/isolation.h"
#include "enforcement/spec/path_rule.h"

namespace reeve {
namespace {

absl::Status SetExitType(const std::string& text, v1::TaskSpec* spec) {
  if (text == "main") {
    spec->set_exit_type(v1::EXIT_TYPE_MAIN);
  } else if (text == "cgroup") {
    spec->set_exit_type(v1::EXIT_TYPE_CGROUP);
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        text, ": use main (its main process) or cgroup (all its processes)"));
  }
  return absl::OkStatus();
}

absl::Status SetIsolation(const std::string& text, v1::TaskSpec* spec) {
  absl::Status known = ParseExecutor(text).status();
  if (!known.ok()) return known;
  spec->set_isolation(text);
  return absl::OkStatus();
}

// "ro:/usr,rw:/data"
absl::Status AddPathRules(const std::string& text, v1::TaskSpec* spec) {
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const absl::StatusOr<PathRule> rule = ParsePathRule(part);
    if (!rule.ok()) return rule.status();
    v1::PathRule* const added = spec->add_landlock();
    added->set_path(rule->path);
    added->set_access(PathAccessText(*rule));
  }
  return absl::OkStatus();
}

absl::Status SetUmask(const std::string& text, v1::TaskSpec* spec) {
  uint32_t mask = 0;
  if (text.empty() || text.size() > 4 ||
      text.find_first_not_of("01234567") != std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\": use an octal number up to 0777"));
  }
  for (const char digit : text) {
    mask = mask * 8 + static_cast<uint32_t>(digit - '0');
  }
  spec->set_umask(mask);
  return absl::OkStatus();
}

absl::Status SetLogFiles(const std::string& text, v1::TaskSpec* spec) {
  const absl::StatusOr<uint64_t> count = ParseCount(text);
  if (!count.ok()) return count.status();
  if (*count < 1 || *count > 100) {
    return absl::InvalidArgumentError(absl::StrCat(text, ": use 1 to 100"));
  }
  spec->mutable_log()->set_max_files(static_cast<uint32_t>(*count));
  return absl::OkStatus();
}

// "NAME=VALUE", or "NAME" for the value that it has here. Replaces a variable
// of the same name.
absl::Status AddVariable(const std::string& text, const CliEnvironment& env,
                         v1::TaskSpec* spec) {
  const std::string name = text.substr(0, text.find('='));
  if (name.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(text.empty() ? "\"\"" : text, ": use NAME=VALUE or NAME"));
  }
  std::string variable = text;
  if (name == text) {
    const std::optional<std::string> value = env.getenv(name);
    if (!value.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ": not set here: use ", name, "=VALUE"));
    }
    variable = absl::StrCat(name, "=", *value);
  }
  for (std::string& existing : *spec->mutable_env()) {
    if (absl::StartsWith(existing, absl::StrCat(name, "="))) {
      existing = variable;
      return absl::OkStatus();
    }
  }
  spec->add_env(variable);
  return absl::OkStatus();
}

// A field of the spec. Fields are found when they are set: reading a spec file
// replaces all of them.
using Field = std::function<std::string*()>;

FlagSet::Setter Text(Field field) {
  return [field = std::move(field)](const std::string& text) {
    *field() = text;
    return absl::OkStatus();
  };
}

// Paths are meant from here, and the agent works elsewhere.
FlagSet::Setter Path(Field field) {
  return [field = std::move(field)](const std::string& text) {
    const absl::StatusOr<std::string> path = AbsolutePath(text);
    if (!path.ok()) return path.status();
    *field() = *path;
    return absl::OkStatus();
  };
}

}  // namespace

void AddRunFlags(FlagSet* flags, const CliEnvironment& env,
                 RunOptions* options) {
  v1::TaskSpec* spec = &options->spec;
  // First, since the setters are called in this order.
  flags->AddValue("-f,--file", "SPEC.json|SPEC.yaml",
                  "Task spec, with the field names of the API; flags override "
                  "it",
                  [spec](const std::string& path) {
                    absl::StatusOr<v1::TaskSpec> read = ReadSpecFile(path);
                    if (!read.ok()) return read.status();
                    *spec = *std::move(read);
                    return absl::OkStatus();
                  });
  flags->AddSwitch("--detach", "Print the id and leave the task running",
                   &options->detach);
  flags->AddSwitch("--keep", "Do not forget the task once it has exited",
                   &options->keep);
  AddSocketFlag(flags, &options->socket);

  flags->BeginGroup("Task");
  flags->AddValue("--id", "ID", "Its name [chosen by the agent]",
                  Text([spec] { return spec->mutable_id(); }));
  flags->AddValue("--group", "GROUP", "Label of tasks that belong together",
                  Text([spec] { return spec->mutable_group(); }));
  flags->AddValue("--user", "USER[:GROUP]", "Run as [the agent's user]",
                  Text([spec] { return spec->mutable_user(); }));
  flags->AddList("--env", "NAME[=VALUE]",
                 "Variable of its environment, which is empty otherwise; NAME "
                 "alone copies it from here; may be repeated",
                 [spec, &env](const std::string& text) {
                   return AddVariable(text, env, spec);
                 });
  flags->AddValue("--cwd", "DIR", "Working directory [this one]",
                  Path([spec] { return spec->mutable_cwd(); }));
  flags->AddValue("--task-dir", "DIR",
                  "Its own directory, where programs are looked up first",
                  Path([spec] { return spec->mutable_task_dir(); }));
  flags->AddValue("--stdin", "FILE", "Standard input [this one]", Path([spec] {
                    return spec->mutable_stdin()->mutable_path();
                  }));
  flags->AddValue(
      "--stdout", "FILE", "Standard output, appended to [this one]",
      Path([spec] { return spec->mutable_stdout()->mutable_path(); }));
  flags->AddValue(
      "--stderr", "FILE", "Standard error, appended to [this one]",
      Path([spec] { return spec->mutable_stderr()->mutable_path(); }));
  flags->AddSwitch("-t,--tty", "A terminal of its own for its streams",
                   &options->tty);
  flags->AddSwitch("-i,--interactive",
                   "Keep its standard input open for this command and for "
                   "\"reeve attach\"",
                   &options->interactive);
  flags->AddValue("--log-max-size", "SIZE",
                  "Begin a new file when a log has that size [1M in the state "
                  "directory, where --detach keeps logs]",
                  [spec](const std::string& text) {
                    const absl::StatusOr<uint64_t> size = ParseSize(text);
                    if (!size.ok()) return size.status();
                    spec->mutable_log()->set_max_size_bytes(*size);
                    return absl::OkStatus();
                  });
  flags->AddValue(
      "--log-max-files", "N", "How many of them to keep, 1-100 [2]",
      [spec](const std::string& text) { return SetLogFiles(text, spec); });
  flags->AddValue(
      "--exit-type", "main|cgroup",
      "Ends with its main process, or with the last of its cgroup "
      "[main]",
      [spec](const std::string& text) { return SetExitType(text, spec); });
  flags->AddValue(
      "--isolation", "none|universal|native|auto",
      "Executor: a cgroup alone, its limits too, a root and more of its own, "
      "or "
      "the most that the host can do [native if anything of it is asked for, "
      "else universal]",
      [spec](const std::string& text) { return SetIsolation(text, spec); });

  flags->AddList(
      "--landlock", "ACCESS:PATH,...",
      "All of the file system that it may use, and no more: ro or rw, or some "
      "of the letters r, w, x (run) and c (make and remove); may be repeated",
      [spec](const std::string& text) { return AddPathRules(text, spec); });

  flags->AddValue(
      "--umask", "OCTAL", "Of files that it makes [022]",
      [spec](const std::string& text) { return SetUmask(text, spec); });
  flags->AddValue("--start-timeout", "TIME",
                  "How long the program may take to start [the agent's]",
                  [spec](const std::string& text) {
                    return SetDuration(text, spec->mutable_start_timeout());
                  });
  flags->AddSwitch("--kill-on-agent-exit",
                   "Kill it when the agent ends, in whatever way",
                   &options->kill_on_agent_exit);

  flags->AddSwitch("--trace",
                   "Show on standard error where the time of the launch went",
                   &options->trace);

  AddLimitFlags(flags, [spec] { return spec->mutable_limits(); });
  AddPolicyBoundFlags(flags, [spec] { return spec; });
  AddStopFlags(flags, [spec] { return spec; });
  AddNativeFlags(flags, spec, &options->native);
  AddRestartFlags(flags, [spec] { return spec->mutable_restart(); });
  flags->BeginGroup("Without an agent running");
  AddLocalAgentFlags(flags, &options->local_agent);
}

}  // namespace reeve
