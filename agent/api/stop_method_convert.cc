#include "agent/api/stop_method_convert.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/signal_name.h"

namespace reeve {
namespace {

absl::StatusOr<int> SignalFromProto(const std::string& text) {
  if (text.empty()) return StopMethod::kDefaultSignal;
  absl::StatusOr<int> signal = ParseSignal(text);
  if (signal.ok()) return signal;
  return absl::InvalidArgumentError(
      absl::StrCat("stop signal: ", signal.status().message()));
}

// What is too large for a duration stays too large for a grace.
absl::Duration GraceFromProto(uint64_t usec) {
  if (usec == 0) return StopMethod::kDefaultGrace;
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  return absl::Microseconds(static_cast<int64_t>(std::min(usec, kMost)));
}

}  // namespace

absl::StatusOr<StopMethod> StopMethodFromProto(const v1::TaskSpec& spec) {
  const absl::StatusOr<int> signal = SignalFromProto(spec.stop_signal());
  if (!signal.ok()) return signal.status();
  return StopMethod{*signal, GraceFromProto(spec.stop_grace_usec())};
}

void StopMethodToProto(const StopMethod& method, v1::TaskSpec* spec) {
  spec->clear_stop_signal();
  spec->clear_stop_grace_usec();
  if (method.signal != StopMethod::kDefaultSignal) {
    spec->set_stop_signal(SignalName(method.signal));
  }
  if (method.grace != StopMethod::kDefaultGrace) {
    spec->set_stop_grace_usec(
        static_cast<uint64_t>(absl::ToInt64Microseconds(method.grace)));
  }
}

absl::StatusOr<StopMethodChange> StopMethodChangeFromProto(
    const v1::UpdateRequest& request) {
  StopMethodChange change;
  if (request.has_stop_signal()) {
    const absl::StatusOr<int> signal = SignalFromProto(request.stop_signal());
    if (!signal.ok()) return signal.status();
    change.signal = *signal;
  }
  if (request.has_stop_grace_usec()) {
    change.grace = GraceFromProto(request.stop_grace_usec());
  }
  return change;
}

}  // namespace reeve
