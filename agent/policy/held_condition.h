#ifndef REEVE_AGENT_POLICY_HELD_CONDITION_H_
#define REEVE_AGENT_POLICY_HELD_CONDITION_H_

#include <optional>

#include "absl/time/time.h"

namespace reeve {

// Since when something has been so without a break. Thread-compatible.
class HeldCondition {
 public:
  // It was so, or not, from `began` to `now`.
  void Observe(bool is_so, absl::Duration began, absl::Duration now) {
    if (!is_so) return Reset();
    if (!since_.has_value()) since_ = began;
    held_ = now - *since_;
  }

  void Reset() {
    since_.reset();
    held_ = absl::ZeroDuration();
  }

  // Whether it has been so for `duration`.
  bool HasHeld(absl::Duration duration) const {
    return since_.has_value() && held_ >= duration;
  }

  // 0 while it is not so.
  absl::Duration held() const { return held_; }

 private:
  std::optional<absl::Duration> since_;
  absl::Duration held_ = absl::ZeroDuration();
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_HELD_CONDITION_H_
