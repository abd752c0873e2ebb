#include "agent/events/throttle_detector.h"

namespace reeve {
namespace {

constexpr double kThreshold = 0.25;
constexpr int kCalmRounds = 3;
constexpr absl::Duration kShortestPause = absl::Seconds(5);

}  // namespace

std::optional<ThrottleDetector::Change> ThrottleDetector::Observe(
    const Counters& counters) {
  const std::optional<Counters> last = last_;
  if (last.has_value() && counters.taken_at <= last->taken_at) {
    return std::nullopt;
  }
  last_ = counters;
  if (!last.has_value() || counters.periods < last->periods ||
      counters.throttled_periods < last->throttled_periods) {
    return std::nullopt;
  }
  const uint64_t periods = counters.periods - last->periods;
  const uint64_t throttled =
      counters.throttled_periods - last->throttled_periods;
  const double ratio = periods == 0 ? 0
                                    : static_cast<double>(throttled) /
                                          static_cast<double>(periods);
  return Judge(ratio, counters.taken_at);
}

std::optional<ThrottleDetector::Change> ThrottleDetector::Judge(
    double ratio, absl::Duration now) {
  if (ratio >= kThreshold) {
    calm_rounds_ = 0;
    if (is_throttled_) return std::nullopt;
    if (began_at_.has_value() && now - *began_at_ < kShortestPause) {
      return std::nullopt;
    }
    is_throttled_ = true;
    began_at_ = now;
    return Change{true, ratio};
  }
  if (!is_throttled_ || ++calm_rounds_ < kCalmRounds) return std::nullopt;
  is_throttled_ = false;
  calm_rounds_ = 0;
  return Change{false, ratio};
}

}  // namespace reeve
