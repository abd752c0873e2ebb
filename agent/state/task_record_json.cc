#include "agent/state/task_record_json.h"

#include "absl/strings/str_cat.h"
#include "agent/api/convert.h"
#include "agent/state/record_json.h"
#include "enforcement/spec/cgroup_path.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {
namespace {

constexpr char kRecordFile[] = "process.json";
constexpr char kLimitsFile[] = "limits.json";

absl::Status Wrong(absl::string_view why) {
  return absl::DataLossError(absl::StrCat(kRecordFile, ": ", why));
}

}  // namespace

absl::StatusOr<state::TaskRecord> ParseTaskRecord(absl::string_view json,
                                                  absl::string_view id) {
  state::TaskRecord record;
  absl::Status status = RecordFromJson(json, kRecordFile, &record);
  if (!status.ok()) return status;
  absl::StatusOr<TaskSpec> spec = SpecFromProto(record.spec());
  if (!spec.ok()) return Wrong(spec.status().message());
  spec->limits = ResourceLimits();
  status = ValidateTaskSpec(*spec);
  if (!status.ok()) return Wrong(status.message());
  if (spec->id != id) {
    return Wrong(absl::StrCat("it is of task ", spec->id));
  }
  if (!IsCgroupPath(record.cgroup_parent())) {
    return Wrong("it names no parent of the task's cgroup");
  }
  return record;
}

absl::StatusOr<v1::Limits> ParseTaskLimits(absl::string_view json) {
  v1::Limits limits;
  absl::Status status = RecordFromJson(json, kLimitsFile, &limits);
  if (!status.ok()) return status;
  return limits;
}

}  // namespace reeve
