#ifndef REEVE_TESTS_FUZZ_RECORD_ROUND_TRIP_H_
#define REEVE_TESTS_FUZZ_RECORD_ROUND_TRIP_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/state/record_json.h"
#include "tests/fuzz/fuzz_check.h"

namespace reeve {

// What is wrong with a record is told in one line, for a log.
inline void CheckRefusal(const absl::Status& status) {
  FUZZ_CHECK(absl::IsDataLoss(status));
  FUZZ_CHECK(!status.message().empty());
  for (const char c : status.message()) FUZZ_CHECK(c != '\n' && c != '\r');
}

// What was parsed from a text, written as the agent does, is parsed to the same
// again by `parse`: a function of a text.
template <typename Record, typename Parse>
void CheckRoundTrip(const Record& record, const Parse& parse) {
  const absl::StatusOr<Record> again = parse(RecordToJson(record));
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(again->SerializeAsString() == record.SerializeAsString());
}

}  // namespace reeve

#endif  // REEVE_TESTS_FUZZ_RECORD_ROUND_TRIP_H_
