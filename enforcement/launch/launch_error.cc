#include "enforcement/launch/launch_error.h"

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace reeve {
namespace {

constexpr absl::string_view kPayloadUrl = "reeve/launch-error-reason";
constexpr absl::string_view kNotFoundText = "program-not-found";
constexpr absl::string_view kNotExecutableText = "program-not-executable";

}  // namespace

absl::Status WithReason(absl::Status status, LaunchErrorReason reason) {
  switch (reason) {
    case LaunchErrorReason::kOther:
      status.ErasePayload(kPayloadUrl);
      break;
    case LaunchErrorReason::kProgramNotFound:
      status.SetPayload(kPayloadUrl, absl::Cord(kNotFoundText));
      break;
    case LaunchErrorReason::kProgramNotExecutable:
      status.SetPayload(kPayloadUrl, absl::Cord(kNotExecutableText));
      break;
  }
  return status;
}

LaunchErrorReason ReasonOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (payload == kNotFoundText) return LaunchErrorReason::kProgramNotFound;
  if (payload == kNotExecutableText) {
    return LaunchErrorReason::kProgramNotExecutable;
  }
  return LaunchErrorReason::kOther;
}

}  // namespace reeve
