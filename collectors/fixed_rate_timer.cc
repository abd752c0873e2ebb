#include "collectors/fixed_rate_timer.h"

namespace reeve {

FixedRateTimer::FixedRateTimer(absl::Duration interval)
    : interval_(absl::ToChronoNanoseconds(interval)) {}

std::optional<FixedRateTimer::Tick> FixedRateTimer::Wait() {
  if (!next_.has_value()) next_ = SteadyClock::now();
  {
    std::unique_lock<std::mutex> lock(mutex_);
    stopped_changed_.wait_until(lock, *next_, [this] { return stopped_; });
    if (stopped_) return std::nullopt;
  }
  const SteadyClock::duration late = SteadyClock::now() - *next_;
  const auto missed = late / interval_;
  *next_ += (missed + 1) * interval_;
  return Tick{absl::FromChrono(late), static_cast<uint64_t>(missed)};
}

void FixedRateTimer::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  stopped_changed_.notify_all();
}

}  // namespace reeve
