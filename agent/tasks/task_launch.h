#ifndef REEVE_AGENT_TASKS_TASK_LAUNCH_H_
#define REEVE_AGENT_TASKS_TASK_LAUNCH_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/tasks/handed_streams.h"
#include "enforcement/launch/launch_request.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

// Looks up everything that the spec names on this host (user, program, working
// directory). Makes a program in the task's own directory executable, and
// nothing else. The result lacks streams, cgroup and state directory.
absl::StatusOr<LaunchRequest> ResolveLaunch(const TaskSpec& spec);

// Opens the streams into `request`: handed ones where the spec's path is empty.
absl::Status OpenStreams(const TaskSpec& spec, HandedStreams handed,
                         LaunchRequest* request);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_LAUNCH_H_
