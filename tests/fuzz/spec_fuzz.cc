// A task spec as JSON, up to what a launch makes of it.

#include <cmath>

#include "agent/api/convert.h"
#include "agent/cli/json_output.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  reeve::v1::TaskSpec message;
  const absl::Status parsed =
      reeve::MessageFromJson(reeve::TextOf(data, size), &message);
  if (!parsed.ok()) {
    FUZZ_CHECK(parsed.message().find('\n') == absl::string_view::npos);
    return 0;
  }
  const std::string json =
      reeve::MessageToJson(message, reeve::JsonLayout::kLine);
  reeve::v1::TaskSpec again;
  FUZZ_CHECK(reeve::MessageFromJson(json, &again).ok());
  FUZZ_CHECK(again.SerializeAsString() == message.SerializeAsString());

  const absl::StatusOr<reeve::TaskSpec> spec = reeve::SpecFromProto(message);
  if (!spec.ok()) return 0;
  const auto& quota = spec->limits.cpu_quota;
  if (reeve::ValidateTaskSpec(*spec).ok() && quota && quota->cores) {
    FUZZ_CHECK(std::isfinite(*quota->cores) && *quota->cores > 0);
  }
  (void)reeve::ToProto(*spec);
  return 0;
}
