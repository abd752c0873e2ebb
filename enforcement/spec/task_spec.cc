#include "enforcement/spec/task_spec.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr size_t kMaxIdLength = 128;

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

}  // namespace

bool IsValidTaskId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxIdLength &&
         absl::ascii_isalnum(static_cast<unsigned char>(id.front())) &&
         std::all_of(id.begin(), id.end(), IsIdCharacter);
}

absl::Status ValidateTaskSpec(const TaskSpec& spec) {
  if (!IsValidTaskId(spec.id)) return Invalid("task id", spec.id, kIdRule);
  if (!spec.group.empty() && !IsValidTaskId(spec.group)) {
    return Invalid("task group", spec.group, kIdRule);
  }
  absl::Status status = ValidateCommand(spec.command);
  status.Update(ValidateEnv(spec.env));
  status.Update(ValidatePath("working directory", spec.cwd));
  status.Update(ValidatePath("task directory", spec.task_dir));
  status.Update(ValidateUser(spec.user));
  status.Update(ValidatePath("stdin", spec.stdin_path));
  status.Update(ValidatePath("stdout", spec.stdout_path));
  status.Update(ValidatePath("stderr", spec.stderr_path));
  status.Update(ValidateLimits(spec.limits));
  return status;
}

}  // namespace reeve
