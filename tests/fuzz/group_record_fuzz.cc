// `groups/GROUP` in the state directory.

#include "agent/api/limits_convert.h"
#include "agent/state/group_records.h"
#include "enforcement/cgroup/group_cgroup.h"
#include "enforcement/spec/cgroup_path.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/fuzz/record_round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parse = [](absl::string_view text) {
    return reeve::ParseGroupRecord(text, "shop");
  };
  const absl::StatusOr<reeve::state::GroupRecord> record =
      parse(reeve::TextOf(data, size));
  if (!record.ok()) {
    reeve::CheckRefusal(record.status());
    return 0;
  }
  reeve::CheckRoundTrip(*record, parse);
  const std::string path =
      reeve::GroupCgroupPath(record->cgroup_parent(), record->group());
  FUZZ_CHECK(reeve::IsCgroupPath(path));
  FUZZ_CHECK(reeve::IsGroupCgroupPath(path, "shop"));
  (void)reeve::LimitsFromProto(record->limits());
  return 0;
}
