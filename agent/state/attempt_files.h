#ifndef REEVE_AGENT_STATE_ATTEMPT_FILES_H_
#define REEVE_AGENT_STATE_ATTEMPT_FILES_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/state/attempt_record.pb.h"

namespace reeve {

// `attempt.json` in a task's directory, for tasks that are restarted. `dir_fd`
// is that of StateDirectory::OpenTask().

// Replaces it as a whole.
absl::Status WriteAttempt(int dir_fd, const state::AttemptRecord& record);

// From its text. kDataLoss for what is no record, or none of an attempt that
// can be: attempts count from 1, and each is one restart more at most.
absl::StatusOr<state::AttemptRecord> ParseAttempt(absl::string_view json);

// kNotFound for a task that is in its first attempt and was not stopped.
absl::StatusOr<state::AttemptRecord> ReadAttempt(int dir_fd);

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_ATTEMPT_FILES_H_
