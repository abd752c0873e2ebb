#ifndef REEVE_AGENT_TASKS_TASK_STREAMS_H_
#define REEVE_AGENT_TASKS_TASK_STREAMS_H_

#include "absl/status/status.h"
#include "agent/tasks/handed_streams.h"
#include "enforcement/launch/launch_request.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

// Opens the streams into `request`. Handed ones are the task's own where the
// spec's path is empty; or, of a task with a terminal or that is attachable,
// those of its first client, and must be pipes or sockets.
absl::Status OpenStreams(const TaskSpec& spec, HandedStreams handed,
                         LaunchRequest* request);

// Makes what the streams need in the state directory of `request`: logs and the
// socket for clients.
absl::Status OpenStateStreams(const TaskSpec& spec, LaunchRequest* request);

// Names of the logs in the state directory.
constexpr char kStdoutLog[] = "stdout.log";
constexpr char kStderrLog[] = "stderr.log";

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_STREAMS_H_
