#ifndef REEVE_AGENT_STATE_TASK_RECORD_JSON_H_
#define REEVE_AGENT_STATE_TASK_RECORD_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/api/task_service.pb.h"
#include "agent/state/task_record.pb.h"

namespace reeve {

// The text of a task's `process.json`. kDataLoss for what is not the whole
// record of task `id`, naming what is wrong with it: what it says is then done,
// such as ending whatever is in the cgroup that it names.
//
// Limits are taken as they are. They are in force already, or the kernel tells
// what is, and a task must not be lost for what a later agent thinks of them.
absl::StatusOr<state::TaskRecord> ParseTaskRecord(absl::string_view json,
                                                  absl::string_view id);

// The text of `limits.json`. kDataLoss for what are no limits.
absl::StatusOr<v1::Limits> ParseTaskLimits(absl::string_view json);

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_TASK_RECORD_JSON_H_
