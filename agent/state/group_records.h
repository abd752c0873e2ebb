#ifndef REEVE_AGENT_STATE_GROUP_RECORDS_H_
#define REEVE_AGENT_STATE_GROUP_RECORDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/state/group_record.pb.h"
#include "base/unique_fd.h"

namespace reeve {

// The text of a group's record. kDataLoss for what is not that of `group`.
absl::StatusOr<state::GroupRecord> ParseGroupRecord(absl::string_view json,
                                                    absl::string_view group);

// `groups/GROUP` in the state directory for each group of tasks, which is all
// that a restarted agent knows of it. Belongs to who has the state directory.
// Thread-safe; a record is written whole or not at all.
class GroupRecords {
 public:
  // Makes the folder if it is missing. `state_dir` is there.
  static absl::StatusOr<GroupRecords> Open(const std::string& state_dir);

  // Replaces the record of the group that it names.
  absl::Status Write(const state::GroupRecord& record) const;

  // kDataLoss if it is not a record of this group.
  absl::StatusOr<state::GroupRecord> Read(const std::string& group) const;

  // OK if it is not there.
  absl::Status Remove(const std::string& group) const;

  // Every group that has a record.
  absl::StatusOr<std::vector<std::string>> Names() const;

 private:
  explicit GroupRecords(UniqueFd folder);

  UniqueFd folder_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_GROUP_RECORDS_H_
