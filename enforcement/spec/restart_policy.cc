#include "enforcement/spec/restart_policy.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr absl::Duration kMinBackoff = absl::Milliseconds(10);
constexpr absl::Duration kMaxTime = absl::Hours(24);

absl::Status CheckTime(const char* what, absl::Duration time,
                       absl::Duration least) {
  if (time >= least && time <= kMaxTime) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      what, " ", absl::FormatDuration(time), " is out of range: give ",
      absl::FormatDuration(least), " to ", absl::FormatDuration(kMaxTime)));
}

absl::Duration Backoff(const RestartPolicy& policy, uint32_t in_row) {
  absl::Duration delay = policy.backoff;
  for (uint32_t i = 0; i < in_row && delay < policy.max_backoff; ++i) {
    delay *= 2;
  }
  return std::min(delay, policy.max_backoff);
}

}  // namespace

absl::Status ValidateRestartPolicy(const RestartPolicy& policy) {
  if (!policy.enabled() && policy.max_restarts.has_value()) {
    return absl::InvalidArgumentError(
        "a number of restarts needs restart on-failure or always");
  }
  absl::Status status =
      CheckTime("restart backoff", policy.backoff, kMinBackoff);
  status.Update(
      CheckTime("longest restart backoff", policy.max_backoff, policy.backoff));
  status.Update(CheckTime("restart reset time", policy.reset_after,
                          absl::ZeroDuration()));
  return status;
}

std::optional<absl::Duration> NextRestart(const RestartPolicy& policy,
                                          const ExitStatus& exit,
                                          absl::Duration lasted,
                                          uint32_t* in_row) {
  if (!policy.enabled()) return std::nullopt;
  if (policy.when == RestartWhen::kOnFailure && exit.code == 0) {
    return std::nullopt;
  }
  if (lasted >= policy.reset_after) *in_row = 0;
  if (policy.max_restarts.has_value() && *in_row >= *policy.max_restarts) {
    return std::nullopt;
  }
  return Backoff(policy, (*in_row)++);
}

}  // namespace reeve
