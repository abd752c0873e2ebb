#ifndef REEVE_ENFORCEMENT_SPEC_TASK_SPEC_H_
#define REEVE_ENFORCEMENT_SPEC_TASK_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "enforcement/spec/isolation.h"
#include "enforcement/spec/path_rule.h"
#include "enforcement/spec/policy_bounds.h"
#include "enforcement/spec/resource_limits.h"
#include "enforcement/spec/restart_policy.h"
#include "enforcement/spec/stop_method.h"

namespace reeve {

// When a task counts as exited.
enum class ExitType {
  kMain,    // With its main process; leftovers are killed.
  kCgroup,  // With the last process of its cgroup.
};

// Rotation of the files that a task's output goes to.
struct LogFiles {
  // Bytes of a file; 0 is no limit, or the default in the state directory.
  uint64_t max_size = 0;
  // 0 is the default.
  uint32_t max_files = 0;
  // Streams without a path go to the task's state directory.
  bool to_state_dir = false;
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
  RestartPolicy restart;
  // It ends with the agent, in whatever way that ends.
  bool kill_on_agent_exit = false;
  // nullopt: as long as the agent lets any.
  std::optional<absl::Duration> start_timeout;
  StopMethod stop;
  // A terminal for the three streams.
  bool tty = false;
  // Standard input stays open, and clients can attach to the streams.
  bool attachable = false;
  LogFiles log;
  // All that the task may use of the file system, by Landlock; empty: whatever
  // its user may.
  std::vector<PathRule> landlock;
  IsolationSpec isolation;
  // Of files that it makes, umask(2); up to 0777.
  uint32_t umask = 022;
  PolicyBounds policy_bounds;
  // Ids of tasks that are started before it, by whoever starts several at once.
  std::vector<std::string> after;
  // Which file it was made from, and by whom; empty if from none.
  std::string origin;
};

// Whether `id` matches [A-Za-z0-9][A-Za-z0-9_.-]{0,127}.
bool IsValidTaskId(absl::string_view id);

// kInvalidArgument unless `group` matches the same.
absl::Status ValidateGroupName(absl::string_view group);

// kInvalidArgument, naming the field and what it takes, for anything that can
// be told wrong without looking at the host: id, group, empty command, env
// entries without "=", NUL bytes, relative directories, limits, streams, rules.
absl::Status ValidateTaskSpec(const TaskSpec& spec);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_TASK_SPEC_H_
