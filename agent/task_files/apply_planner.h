#ifndef REEVE_AGENT_TASK_FILES_APPLY_PLANNER_H_
#define REEVE_AGENT_TASK_FILES_APPLY_PLANNER_H_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/api/task_service.pb.h"
#include "agent/spec/spec_directory.h"
#include "agent/task_files/apply_step.h"
#include "agent/task_files/task_host.h"

namespace reeve {

// Whose tasks are whose.
struct ApplyRules {
  // "tasks-dir:" or "apply:": a task whose origin is that and a path may be
  // changed and restarted by a file. All others are left alone.
  std::string origin_prefix;
  // Whether tasks that a file of a directory made are stopped when no file
  // wants them any more; null for no directory. Asked for the path before the
  // last "/".
  std::function<bool(const std::string& directory)> owns_directory;
  // Launch a task that has exited, though its spec is the same.
  bool launches_exited = false;
  // `after` may name tasks that are not of these files.
  bool knows_all_tasks = false;
};

// What earlier rounds have come to.
struct ApplyHistory {
  // Paths of files that are as they were when they were applied: nothing is
  // done about them, whatever became of their tasks.
  std::set<std::string> settled;
  // The id of the task that each file was last applied to, by path.
  std::map<std::string, std::string> last_ids;
  // The file that each task was last made from or changed by, by id, where it
  // is known to be another than the one of its origin: that was renamed.
  std::map<std::string, std::string> last_paths;
  // Ids of tasks that were asked to end, and have or will: if a file wants them
  // now, they have to be launched anew.
  std::set<std::string> stopping;
};

using CurrentSpec =
    std::function<absl::StatusOr<v1::TaskSpec>(const std::string& id)>;

// What has to be done, in an order in which it can be: stops, then each task
// behind those that it comes after. Files that are wrong come first, with their
// status. While a file is wrong, the task that it was applied to goes on.
// `current_spec` is asked for tasks of `tasks` that a file is to change.
std::vector<ApplyStep> PlanSteps(const std::vector<SpecFile>& files,
                                 const std::vector<KnownTask>& tasks,
                                 const CurrentSpec& current_spec,
                                 const ApplyRules& rules,
                                 const ApplyHistory& history = {});

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_APPLY_PLANNER_H_
