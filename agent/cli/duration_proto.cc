#include "agent/cli/duration_proto.h"

#include "absl/time/time.h"
#include "base/quantity.h"

namespace reeve {

absl::Status SetDuration(absl::string_view text,
                         google::protobuf::Duration* duration) {
  const absl::StatusOr<absl::Duration> parsed = ParseDuration(text);
  if (!parsed.ok()) return parsed.status();
  absl::Duration rest;
  duration->set_seconds(absl::IDivDuration(*parsed, absl::Seconds(1), &rest));
  duration->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
  return absl::OkStatus();
}

}  // namespace reeve
