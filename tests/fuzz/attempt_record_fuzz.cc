// `attempt.json` of a task that is restarted.

#include "agent/api/convert.h"
#include "agent/state/attempt_files.h"
#include "enforcement/spec/restart_policy.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/fuzz/record_round_trip.h"

namespace reeve {
namespace {

// What comes after the attempt, in the policy that waits longest to do it.
void CheckNext(const state::AttemptRecord& record) {
  const ExitStatus exit = ExitStatusFromProto(record.last_exit());
  FUZZ_CHECK(exit.code >= ExitStatus::kUnknown && exit.code <= 255);
  RestartPolicy policy;
  policy.when = RestartWhen::kAlways;
  uint32_t in_row = record.restarts_in_row();
  const std::optional<absl::Duration> delay =
      NextRestart(policy, exit, absl::ZeroDuration(), &in_row);
  FUZZ_CHECK(delay.has_value());
  FUZZ_CHECK(*delay >= absl::ZeroDuration() && *delay <= policy.max_backoff);
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<reeve::state::AttemptRecord> record =
      reeve::ParseAttempt(reeve::TextOf(data, size));
  if (!record.ok()) {
    reeve::CheckRefusal(record.status());
    return 0;
  }
  FUZZ_CHECK(record->attempt() >= 1);
  FUZZ_CHECK(record->restarts_in_row() <= record->attempt());
  reeve::CheckRoundTrip(*record, reeve::ParseAttempt);
  reeve::CheckNext(*record);
  return 0;
}
