#ifndef REEVE_AGENT_STATE_STATE_DIRECTORY_H_
#define REEVE_AGENT_STATE_STATE_DIRECTORY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/state/task_record.pb.h"
#include "base/unique_fd.h"
#include "collectors/snapshot.h"

namespace reeve {

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

  // Removes tasks/ID and the files in it. OK if it is not there.
  absl::Status RemoveTask(const std::string& id) const;

  // Removes the directory itself, for an agent that will not come back. Leaves
  // it if there is a task in it.
  void RemoveIfEmpty() const;

  // Every id that has a directory.
  absl::StatusOr<std::vector<std::string>> TaskIds() const;

 private:
  StateDirectory(std::string path, UniqueFd lock, UniqueFd tasks);

  std::string path_;
  UniqueFd lock_;
  UniqueFd tasks_;
};

// The files of a task directory. `dir_fd` is that of OpenTask().

// kNotFound or kDataLoss for a launch that was cut short.
absl::StatusOr<state::TaskRecord> ReadTaskRecord(int dir_fd);

// What the shim wrote of the main process: `pid` and `starttime`. kNotFound if
// it never started.
absl::StatusOr<ProcessIdentity> ReadTaskProcess(int dir_fd);

// Whether the task was started since the machine booted: pids of an earlier
// boot mean nothing.
bool IsFromThisBoot(int dir_fd);

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_STATE_DIRECTORY_H_
