#ifndef REEVE_AGENT_STATE_APPLIED_FILES_H_
#define REEVE_AGENT_STATE_APPLIED_FILES_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace reeve {

// A file of the directory of specs, when it was last applied.
struct AppliedFile {
  // Of its task.
  std::string id;
  // Of its spec; empty for one that has to be looked at.
  std::string digest;

  bool operator==(const AppliedFile& other) const {
    return id == other.id && digest == other.digest;
  }
};

struct AppliedFiles {
  std::map<std::string, AppliedFile> by_path;
  // Ids of tasks whose stop has begun and may not have come to its end.
  std::set<std::string> stopping;

  bool operator==(const AppliedFiles& other) const {
    return by_path == other.by_path && stopping == other.stopping;
  }
};

// `applied-files.json` in the state directory: what an agent has done about its
// directory of specs. Belongs to who has the state directory.
// Thread-compatible.
class AppliedFilesStore {
 public:
  explicit AppliedFilesStore(std::string state_dir)
      : state_dir_(std::move(state_dir)) {}

  // Replaced as a whole, and not waited for: after a power failure there is no
  // task.
  absl::Status Write(const AppliedFiles& applied) const;

  // kNotFound if there is none, kDataLoss for what is none. One of an earlier
  // boot tells ids and no more: nothing of it is in force.
  absl::StatusOr<AppliedFiles> Read() const;

 private:
  const std::string state_dir_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_APPLIED_FILES_H_
