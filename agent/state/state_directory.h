#ifndef REEVE_AGENT_STATE_STATE_DIRECTORY_H_
#define REEVE_AGENT_STATE_STATE_DIRECTORY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/api/task_service.pb.h"
#include "agent/state/task_record.pb.h"
#include "base/unique_fd.h"
#include "collectors/snapshot.h"

namespace reeve {

// In the state directory: flock(2) is held on it by the agent that has it.
constexpr char kStateLockFile[] = "lock";

// The agent's directory on disk: `tasks/ID/` for each task, which is all that a
// restarted agent knows of it. One agent at a time holds it. Thread-safe.
class StateDirectory {
 public:
  // Makes the directory (0755, with its parents) if it is missing and locks it.
  // kFailedPrecondition if another agent has it, naming its pid.
  static absl::StatusOr<StateDirectory> Open(const std::string& path);

  const std::string& path() const { return path_; }

  // Makes tasks/ID with `bootid` and `process.json`, and opens it.
  // kAlreadyExists if it is there; after an error nothing is left.
  absl::StatusOr<UniqueFd> CreateTask(const std::string& id,
                                      const state::TaskRecord& record) const;

  // Opens tasks/ID.
  absl::StatusOr<UniqueFd> OpenTask(const std::string& id) const;

  // Whether tasks/ID may be of an agent. kFailedPrecondition, naming it, for a
  // name that no task has and for what is no directory.
  absl::Status CheckTask(const std::string& id) const;

  // Removes tasks/ID with all that is in it. OK if it is not there.
  absl::Status RemoveTask(const std::string& id) const;

  // Removes the directory itself, for an agent that will not come back. Leaves
  // it if there is a task in it.
  void RemoveIfEmpty() const;

  // Every name in tasks/, see CheckTask().
  absl::StatusOr<std::vector<std::string>> TaskIds() const;

 private:
  StateDirectory(std::string path, UniqueFd lock, UniqueFd tasks);

  std::string path_;
  UniqueFd lock_;
  UniqueFd tasks_;
};

// The files of a task directory. `dir_fd` is that of OpenTask().

// Of task `id`. kNotFound or kDataLoss for a launch that was cut short.
absl::StatusOr<state::TaskRecord> ReadTaskRecord(int dir_fd,
                                                 absl::string_view id);

// Replaces it as a whole. Not waited for, as limits are not.
absl::Status WriteTaskRecord(int dir_fd, const state::TaskRecord& record);

// What was asked for of the task by the updates since its launch, in place of
// the limits of its record: `limits.json`. Replaced as a whole, and not waited
// for: after a power failure there is no task.
absl::Status WriteTaskLimits(int dir_fd, const v1::Limits& limits);

// kNotFound if there was no update.
absl::StatusOr<v1::Limits> ReadTaskLimits(int dir_fd);

// Writes the same for a task without a shim.
absl::Status WriteTaskProcess(int dir_fd, const ProcessIdentity& process);

// What the shim wrote of the main process: `pid` and `starttime`. kNotFound if
// it never started, kDataLoss if they were not written whole.
absl::StatusOr<ProcessIdentity> ReadTaskProcess(int dir_fd);

// Whether the task was started since the machine booted: pids of an earlier
// boot mean nothing. False as well if that was not written whole;
// kResourceExhausted if it cannot be read now.
absl::StatusOr<bool> IsFromThisBoot(int dir_fd);

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_STATE_DIRECTORY_H_
