// `memory-high/NAME` in the state directory: what a starting agent writes to
// the cgroup that it names.

#include "absl/strings/match.h"
#include "agent/state/memory_high_records.h"
#include "base/kernel_number.h"
#include "enforcement/spec/cgroup_path.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/fuzz/record_round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parse = [](absl::string_view text) {
    return reeve::ParseMemoryHighRecord(text, "web");
  };
  const absl::StatusOr<reeve::state::MemoryHighRecord> record =
      parse(reeve::TextOf(data, size));
  if (!record.ok()) {
    reeve::CheckRefusal(record.status());
    return 0;
  }
  reeve::CheckRoundTrip(*record, parse);
  FUZZ_CHECK(reeve::IsCgroupPath(record->cgroup()));
  FUZZ_CHECK(absl::EndsWith(record->cgroup(), "/web"));
  FUZZ_CHECK(reeve::ParseKernelLimit(record->memory_high()).ok());
  return 0;
}
