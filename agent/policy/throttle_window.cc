#include "agent/policy/throttle_window.h"

namespace reeve {

std::optional<ThrottleWindow::Finding> ThrottleWindow::Observe(
    const Counters& counters) {
  const bool is_new = !first_.has_value() || counters.periods < last_.periods ||
                      counters.throttled_periods < last_.throttled_periods;
  if (is_new) {
    first_ = last_ = counters;
    return std::nullopt;
  }
  if (counters.taken_at <= last_.taken_at) return std::nullopt;
  last_ = counters;
  const uint64_t periods = counters.periods - first_->periods;
  const bool is_long = counters.taken_at - first_->taken_at >= patience_;
  if (periods < min_periods_ && !is_long) return std::nullopt;
  Finding finding;
  finding.began = first_->taken_at;
  if (periods >= min_periods_) {
    finding.ratio = static_cast<double>(counters.throttled_periods -
                                        first_->throttled_periods) /
                    static_cast<double>(periods);
  }
  first_ = counters;
  return finding;
}

}  // namespace reeve
