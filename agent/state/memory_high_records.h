#ifndef REEVE_AGENT_STATE_MEMORY_HIGH_RECORDS_H_
#define REEVE_AGENT_STATE_MEMORY_HIGH_RECORDS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/state/memory_high_record.pb.h"

namespace reeve {

// The text of a record. kDataLoss for what is not that of a cgroup NAME, or
// holds nothing that memory.high takes.
absl::StatusOr<state::MemoryHighRecord> ParseMemoryHighRecord(
    absl::string_view json, absl::string_view name);

// `memory-high/NAME` in the state directory for each cgroup NAME, of a task or
// a group, whose memory.high is lowered for a while: what it is to be again.
// Belongs to who has the state directory. Thread-safe; a record is written
// whole or not at all.
class MemoryHighRecords {
 public:
  static std::string FolderIn(const std::string& state_dir);

  // The folder is made when it is first written to.
  explicit MemoryHighRecords(const std::string& state_dir)
      : folder_(FolderIn(state_dir)) {}

  // Replaces the record of `cgroup`, a path as "/reeve/web".
  absl::Status Write(const std::string& cgroup, const std::string& high) const;

  // Those that have a record, by NAME.
  absl::StatusOr<std::vector<std::string>> Names() const;

  // kFailedPrecondition if it is from an earlier boot, kDataLoss if it is none.
  absl::StatusOr<state::MemoryHighRecord> Read(const std::string& name) const;

  // Of a path, or of a NAME. OK if there is none.
  absl::Status Remove(const std::string& cgroup) const;

 private:
  std::string PathOf(const std::string& cgroup) const;

  const std::string folder_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_MEMORY_HIGH_RECORDS_H_
