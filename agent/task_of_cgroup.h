#ifndef REEVE_AGENT_TASK_OF_CGROUP_H_
#define REEVE_AGENT_TASK_OF_CGROUP_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// The id of the task that has the cgroup `path` or one that it is below, by the
// cgroup that holds those of the tasks, such as "/reeve". Empty if it is no
// task's. Paths are as in /proc/PID/cgroup.
std::string TaskIdOfCgroup(absl::string_view parent, absl::string_view path);

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_OF_CGROUP_H_
