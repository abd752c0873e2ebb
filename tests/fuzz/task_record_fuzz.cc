// `process.json` and `limits.json` of a task, up to what a starting agent makes
// of them.

#include <string>
#include <utility>
#include <vector>

#include "agent/api/convert.h"
#include "agent/api/limits_convert.h"
#include "agent/state/task_record_json.h"
#include "enforcement/cgroup/limit_plan.h"
#include "enforcement/spec/cgroup_path.h"
#include "enforcement/spec/merge_limits.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/fuzz/record_round_trip.h"

namespace reeve {
namespace {

// What would be written to the files of a cgroup.
void Plan(const ResourceLimits& limits) {
  using V = CgroupVersion;
  const LimitTexts v1 = FakeLimitFiles::V1().texts();
  const LimitTexts v2 = FakeLimitFiles::V2().texts();
  const std::pair<V, const LimitTexts&> hierarchies[] = {{V::kV1, v1},
                                                         {V::kV2, v2}};
  for (const auto& [version, texts] : hierarchies) {
    const absl::StatusOr<std::vector<PlannedLimit>> plan = PlanLimits(
        limits, {version, version, version, version, version, version}, texts);
    if (!plan.ok()) continue;
    for (const PlannedLimit& limit : *plan) {
      FUZZ_CHECK(!limit.file.empty());
      // One write is one line at most.
      FUZZ_CHECK(limit.value.find('\n') == std::string::npos);
    }
  }
}

// Converted there and back they are what they were: an agent that writes down
// what the one before it left must not change it.
void CheckLimits(const v1::Limits& message) {
  const absl::StatusOr<ResourceLimits> limits = LimitsFromProto(message);
  if (!limits.ok()) return;
  const v1::Limits written = ToProto(*limits);
  const absl::StatusOr<ResourceLimits> again = LimitsFromProto(written);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(ToProto(*again).SerializeAsString() ==
             written.SerializeAsString());
  (void)MergeLimits(*limits, *again);
  if (ValidateLimits(*limits).ok()) Plan(*limits);
}

void ParseRecord(absl::string_view json) {
  const auto parse = [](absl::string_view text) {
    return ParseTaskRecord(text, "web");
  };
  const absl::StatusOr<state::TaskRecord> record = parse(json);
  if (!record.ok()) return CheckRefusal(record.status());
  CheckRoundTrip(*record, parse);
  FUZZ_CHECK(IsCgroupPath(record->cgroup_parent()));
  absl::StatusOr<TaskSpec> spec = SpecFromProto(record->spec());
  FUZZ_CHECK(spec.ok());
  FUZZ_CHECK(spec->id == "web");
  FUZZ_CHECK(ToProto(*SpecFromProto(ToProto(*spec))).SerializeAsString() ==
             ToProto(*spec).SerializeAsString());
  (void)TimeFromProto(record->created_at());
  spec->limits = ResourceLimits();
  FUZZ_CHECK(ValidateTaskSpec(*spec).ok());
}

void ParseLimits(absl::string_view json) {
  const absl::StatusOr<v1::Limits> limits = ParseTaskLimits(json);
  if (!limits.ok()) return CheckRefusal(limits.status());
  CheckRoundTrip(*limits, ParseTaskLimits);
  CheckLimits(*limits);
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);
  reeve::ParseRecord(text);
  reeve::ParseLimits(text);
  return 0;
}
