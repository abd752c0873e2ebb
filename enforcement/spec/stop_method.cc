#include "enforcement/spec/stop_method.h"

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr absl::Duration kLongestGrace = absl::Hours(24);

}  // namespace

StopMethod ChangedStopMethod(StopMethod method,
                             const StopMethodChange& change) {
  if (change.signal.has_value()) method.signal = *change.signal;
  if (change.grace.has_value()) method.grace = *change.grace;
  return method;
}

absl::Status ValidateGrace(absl::Duration grace) {
  if (grace >= absl::ZeroDuration() && grace <= kLongestGrace) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("grace must be 0 to ", absl::FormatDuration(kLongestGrace)));
}

absl::Status ValidateStopMethod(const StopMethod& method) {
  if (method.signal < 1 || method.signal > SIGRTMAX) {
    return absl::InvalidArgumentError(
        absl::StrCat("stop signal ", method.signal, ": give 1 to ", SIGRTMAX));
  }
  absl::Status status = ValidateGrace(method.grace);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(absl::StrCat("stop ", status.message()));
}

}  // namespace reeve
