#include "enforcement/spec/stream_rules.h"

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

absl::Status ValidateTerminal(const TaskSpec& spec) {
  if (!spec.tty) return absl::OkStatus();
  if (!spec.stderr_path.empty()) {
    return absl::InvalidArgumentError(
        "stderr: a terminal has one output: give tty or a path for stderr");
  }
  if (!spec.stdin_path.empty()) {
    return absl::InvalidArgumentError(
        "stdin: it is the terminal: give tty or a path for stdin");
  }
  return absl::OkStatus();
}

absl::Status ValidateLog(const TaskSpec& spec) {
  const LogFiles& log = spec.log;
  if (log.max_size != 0 && log.max_size < kMinLogSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("log size ", log.max_size, ": give 4096 bytes or more"));
  }
  if (log.max_files > kMaxLogFiles) {
    return absl::InvalidArgumentError(
        absl::StrCat("log files ", log.max_files, ": give 1 to 100"));
  }
  if (log.max_files != 0 && log.max_size == 0 && !log.to_state_dir) {
    return absl::InvalidArgumentError(
        "log files: give the size at which to begin the next file, too");
  }
  if (log.max_size != 0 && !log.to_state_dir && !NamesFile(spec.stdout_path) &&
      !NamesFile(spec.stderr_path)) {
    return absl::InvalidArgumentError(
        "log size: give stdout or stderr a file, or logs in the state "
        "directory");
  }
  return absl::OkStatus();
}

}  // namespace

bool NamesFile(const std::string& path) {
  return !path.empty() && path != "/dev/null";
}

bool IsLogged(const TaskSpec& spec, const std::string& path) {
  if (path.empty()) return spec.log.to_state_dir;
  if (!NamesFile(path)) return false;
  return spec.log.max_size != 0 || spec.tty || spec.attachable;
}

LogFiles RotationOf(const TaskSpec& spec, const std::string& path) {
  LogFiles log = spec.log;
  if (log.max_size == 0 && path.empty()) log.max_size = kDefaultStateLogSize;
  if (log.max_files == 0) log.max_files = kDefaultLogFiles;
  return log;
}

absl::Status ValidateStreams(const TaskSpec& spec) {
  absl::Status status = ValidateTerminal(spec);
  status.Update(ValidateLog(spec));
  return status;
}

}  // namespace reeve
