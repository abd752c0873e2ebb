#ifndef REEVE_AGENT_API_EXEC_CONVERT_H_
#define REEVE_AGENT_API_EXEC_CONVERT_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"
#include "agent/tasks/exec_spec.h"

namespace reeve {

ExecSpec ExecSpecFromProto(const v1::ExecRequest& request);

// The deadline; infinite if there is none. kInvalidArgument unless it is more
// than 0.
absl::StatusOr<absl::Duration> ExecDeadline(const v1::ExecRequest& request);

}  // namespace reeve

#endif  // REEVE_AGENT_API_EXEC_CONVERT_H_
