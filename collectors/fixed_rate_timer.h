#ifndef REEVE_COLLECTORS_FIXED_RATE_TIMER_H_
#define REEVE_COLLECTORS_FIXED_RATE_TIMER_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "absl/time/time.h"

namespace reeve {

// Ticks at a fixed rate of the monotonic clock, the first time at once: a slow
// round delays no later tick, and a stepped wall clock none at all. One thread
// waits; any thread may stop it.
class FixedRateTimer {
 public:
  struct Tick {
    // How much later than its time this tick is.
    absl::Duration late;
    // Ticks left out before this one since their time had passed.
    uint64_t missed = 0;
  };

  // `interval` > 0.
  explicit FixedRateTimer(absl::Duration interval);

  // Waits for the next tick; nullopt once the timer is stopped.
  std::optional<Tick> Wait();

  void Stop();

 private:
  using SteadyClock = std::chrono::steady_clock;

  const SteadyClock::duration interval_;
  // Of the waiting thread alone. Absent before the first tick.
  std::optional<SteadyClock::time_point> next_;

  // Not absl::CondVar, whose waits follow the wall clock.
  std::mutex mutex_;
  std::condition_variable stopped_changed_;
  bool stopped_ = false;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_FIXED_RATE_TIMER_H_
