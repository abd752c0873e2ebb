#ifndef REEVE_TESTS_TESTING_FAKE_CLOCK_H_
#define REEVE_TESTS_TESTING_FAKE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace reeve {

// Time that moves only when told to. Thread-safe.
class FakeClock final : public Clock {
 public:
  absl::Time WallNow() const override {
    absl::MutexLock lock(&mutex_);
    return absl::FromUnixSeconds(1'700'000'000) + wall_offset_ + elapsed_;
  }

  absl::Duration MonotonicNow() const override {
    absl::MutexLock lock(&mutex_);
    return absl::Hours(1) + elapsed_;
  }

  void Advance(absl::Duration step) {
    absl::MutexLock lock(&mutex_);
    elapsed_ += step;
  }

  // Sets the wall clock alone, as an administrator or NTP does.
  void StepWallClock(absl::Duration step) {
    absl::MutexLock lock(&mutex_);
    wall_offset_ += step;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Duration elapsed_ ABSL_GUARDED_BY(mutex_);
  absl::Duration wall_offset_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_FAKE_CLOCK_H_
