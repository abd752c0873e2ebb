#include "enforcement/spec/task_spec.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "enforcement/spec/mount_spec.h"
#include "enforcement/spec/stream_rules.h"

namespace reeve {
namespace {

constexpr absl::Duration kMaxStartTimeout = absl::Hours(1);

constexpr size_t kMaxIdLength = 128;
constexpr size_t kMaxOriginLength = 8192;

constexpr char kIdRule[] =
    "give 1 to 128 letters, digits, '_', '.' or '-', beginning with a letter "
    "or digit";

bool IsIdCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         c == '.' || c == '-';
}

// A message must stay one readable line, whatever was given.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::CHexEscape(text), "\"");
}

absl::Status Invalid(absl::string_view field, absl::string_view value,
                     absl::string_view advice) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, " ", Quoted(value), ": ", advice));
}

// The kernel takes strings that end with NUL: what follows would be lost.
absl::Status RefuseNul(absl::string_view field, absl::string_view value) {
  if (!absl::StrContains(value, '\0')) return absl::OkStatus();
  return Invalid(field, value, "remove the NUL byte");
}

absl::Status ValidatePath(absl::string_view field, absl::string_view path) {
  if (path.empty()) return absl::OkStatus();
  if (path.front() != '/') {
    return Invalid(field, path, "give an absolute path");
  }
  return RefuseNul(field, path);
}

absl::Status ValidateCommand(const std::vector<std::string>& command) {
  if (command.empty() || command.front().empty()) {
    return absl::InvalidArgumentError("command: name a program to run");
  }
  absl::Status status;
  for (const std::string& argument : command) {
    status.Update(RefuseNul("argument", argument));
  }
  return status;
}

absl::Status ValidateEnv(const std::vector<std::string>& env) {
  for (const std::string& entry : env) {
    const size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Invalid("environment entry", entry, "give NAME=VALUE");
    }
    absl::Status status = RefuseNul("environment entry", entry);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ValidateUser(absl::string_view user) {
  if (!user.empty() && (user.front() == ':' || user.back() == ':')) {
    return Invalid("user", user, "give USER or USER:GROUP");
  }
  return RefuseNul("user", user);
}

absl::Status ValidateAfter(const TaskSpec& spec) {
  for (const std::string& id : spec.after) {
    if (!IsValidTaskId(id)) return Invalid("after", id, kIdRule);
    if (id == spec.id) {
      return Invalid("after", id, "a task cannot be started after itself");
    }
  }
  return absl::OkStatus();
}

// It is a file's path with a word before it, and shown in one line.
absl::Status ValidateOrigin(absl::string_view origin) {
  if (origin.size() > kMaxOriginLength) {
    return absl::InvalidArgumentError(
        absl::StrCat("origin: give at most ", kMaxOriginLength, " bytes"));
  }
  const bool is_plain = std::none_of(origin.begin(), origin.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (is_plain) return absl::OkStatus();
  return Invalid("origin", origin, "remove the control characters");
}

absl::Status RefuseLimitsOfNone(const TaskSpec& spec) {
  if (spec.isolation.executor != Executor::kNone || spec.limits.empty()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "isolation none sets no limits: use universal, or leave them out");
}

absl::Status RefuseTwoRoots(const TaskSpec& spec) {
  const std::string& root = spec.isolation.root.directory;
  if (root.empty()) return absl::OkStatus();
  if (!spec.task_dir.empty()) {
    return Invalid("task directory", spec.task_dir,
                   "a root of its own is one: leave it out");
  }
  if (!spec.cwd.empty() && !IsPlainPath(spec.cwd)) {
    return Invalid("working directory", spec.cwd,
                   "in a root of its own, leave \".\" and \"..\" out");
  }
  return absl::OkStatus();
}

}  // namespace

bool IsValidTaskId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxIdLength &&
         absl::ascii_isalnum(static_cast<unsigned char>(id.front())) &&
         std::all_of(id.begin(), id.end(), IsIdCharacter);
}

absl::Status ValidateGroupName(absl::string_view group) {
  if (IsValidTaskId(group)) return absl::OkStatus();
  return Invalid("task group", group, kIdRule);
}

absl::Status ValidateTaskSpec(const TaskSpec& spec) {
  if (!IsValidTaskId(spec.id)) return Invalid("task id", spec.id, kIdRule);
  absl::Status status;
  if (!spec.group.empty()) status.Update(ValidateGroupName(spec.group));
  status.Update(ValidateCommand(spec.command));
  status.Update(ValidateEnv(spec.env));
  status.Update(ValidatePath("working directory", spec.cwd));
  status.Update(ValidatePath("task directory", spec.task_dir));
  status.Update(ValidateUser(spec.user));
  status.Update(ValidatePath("stdin", spec.stdin_path));
  status.Update(ValidatePath("stdout", spec.stdout_path));
  status.Update(ValidatePath("stderr", spec.stderr_path));
  status.Update(ValidateStreams(spec));
  status.Update(ValidatePathRules(spec.landlock));
  status.Update(ValidateIsolation(spec.isolation));
  if (spec.umask > 0777) {
    status.Update(absl::InvalidArgumentError("umask: give 0 to 0777"));
  }
  status.Update(ValidateAfter(spec));
  status.Update(ValidateOrigin(spec.origin));
  status.Update(RefuseLimitsOfNone(spec));
  status.Update(RefuseTwoRoots(spec));
  status.Update(ValidateLimits(spec.limits));
  status.Update(ValidateRestartPolicy(spec.restart));
  status.Update(ValidatePolicyBounds(spec.policy_bounds));
  status.Update(ValidateStopMethod(spec.stop));
  if (spec.start_timeout.value_or(kMaxStartTimeout) > kMaxStartTimeout ||
      spec.start_timeout.value_or(kMaxStartTimeout) <= absl::ZeroDuration()) {
    status.Update(Invalid("start timeout",
                          absl::FormatDuration(*spec.start_timeout),
                          "give more than 0 and 1h at most"));
  }
  return status;
}

}  // namespace reeve
