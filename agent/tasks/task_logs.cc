#include "agent/tasks/task_logs.h"

#include <fcntl.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/tasks/task_streams.h"
#include "base/file.h"
#include "enforcement/spec/stream_rules.h"

namespace reeve {
namespace {

absl::Status Add(absl::StatusOr<UniqueFd> dir, const std::string& name,
                 uint32_t max_files, bool is_stderr,
                 std::vector<TaskLog>* logs) {
  if (!dir.ok()) return dir.status();
  logs->push_back({LogFollower(*std::move(dir), name, max_files), is_stderr});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<TaskLog>> OpenTaskLogs(const TaskSpec& spec,
                                                  int state_dir_fd) {
  std::vector<TaskLog> logs;
  for (const bool is_stderr : {false, true}) {
    // A terminal has one output.
    if (is_stderr && spec.tty) continue;
    const std::string& path = is_stderr ? spec.stderr_path : spec.stdout_path;
    absl::Status added;
    if (path.empty() && spec.log.to_state_dir) {
      added =
          Add(OpenDirAt(state_dir_fd, "."), is_stderr ? kStderrLog : kStdoutLog,
              RotationOf(spec, path).max_files, is_stderr, &logs);
    } else if (NamesFile(path) && (!is_stderr || path != spec.stdout_path)) {
      const size_t slash = path.rfind('/');
      added = Add(OpenDirAt(AT_FDCWD, slash == 0 ? "/" : path.substr(0, slash)),
                  path.substr(slash + 1),
                  spec.log.max_size == 0 ? 1 : RotationOf(spec, path).max_files,
                  is_stderr, &logs);
    }
    if (!added.ok()) return added;
  }
  if (!logs.empty()) return logs;
  return absl::FailedPreconditionError(absl::StrCat(
      "task ", spec.id,
      " has no log files: start it with --detach, or with --stdout FILE"));
}

}  // namespace reeve
