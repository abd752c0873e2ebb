#include "enforcement/cgroup/limit_fault.h"

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace reeve {
namespace {

constexpr absl::string_view kPayloadUrl = "reeve/limit-fault";

}  // namespace

absl::Status WithLimitFault(absl::Status status, absl::string_view controller) {
  status.SetPayload(kPayloadUrl, absl::Cord(controller));
  return status;
}

std::string LimitFaultOf(const absl::Status& status) {
  const absl::optional<absl::Cord> controller = status.GetPayload(kPayloadUrl);
  return controller.has_value() ? std::string(*controller) : "";
}

}  // namespace reeve
