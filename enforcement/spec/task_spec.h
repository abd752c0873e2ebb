#ifndef REEVE_ENFORCEMENT_SPEC_TASK_SPEC_H_
#define REEVE_ENFORCEMENT_SPEC_TASK_SPEC_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// When a task counts as exited.
enum class ExitType {
  kMain,    // With its main process; leftovers are killed.
  kCgroup,  // With the last process of its cgroup.
};

// What to run, as whom and under which limits.
struct TaskSpec {
  std::string id;
  // Empty if none.
  std::string group;
  // Program and arguments.
  std::vector<std::string> command;
  // The whole environment: nothing is inherited.
  std::vector<std::string> env;
  // Empty: task_dir, or "/" without one.
  std::string cwd;
  // Where the program is looked up first; empty if none.
  std::string task_dir;
  // Empty: the agent's own user.
  std::string user;
  ResourceLimits limits;
  // File or fifo; empty and "/dev/null" discard.
  std::string stdin_path;
  std::string stdout_path;
  std::string stderr_path;
  ExitType exit_type = ExitType::kMain;
};

// Whether `id` matches [A-Za-z0-9][A-Za-z0-9_.-]{0,127}.
bool IsValidTaskId(absl::string_view id);

// kInvalidArgument, naming the field and what it takes, for anything that can
// be told wrong without looking at the host: id, group, empty command, env
// entries without "=", NUL bytes, relative directories, limits.
absl::Status ValidateTaskSpec(const TaskSpec& spec);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_TASK_SPEC_H_
