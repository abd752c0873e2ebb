#ifndef REEVE_COLLECTORS_WINDOW_MAXIMUM_H_
#define REEVE_COLLECTORS_WINDOW_MAXIMUM_H_

#include <deque>
#include <optional>

#include "absl/time/time.h"

namespace reeve {

// The highest of the values of the latest while. Thread-compatible.
template <typename Value>
class WindowMaximum {
 public:
  explicit WindowMaximum(absl::Duration window) : window_(window) {}

  // `at` never goes back.
  void Add(absl::Duration at, Value value) {
    // What is lower and older can never be the highest again.
    while (!candidates_.empty() && candidates_.back().value <= value) {
      candidates_.pop_back();
    }
    candidates_.push_back({at, value});
    Forget(at);
  }

  // Of those not longer ago than the window. nullopt if there is none.
  std::optional<Value> At(absl::Duration now) {
    Forget(now);
    if (candidates_.empty()) return std::nullopt;
    return candidates_.front().value;
  }

 private:
  struct Candidate {
    absl::Duration at;
    Value value;
  };

  void Forget(absl::Duration now) {
    while (!candidates_.empty() && candidates_.front().at < now - window_) {
      candidates_.pop_front();
    }
  }

  const absl::Duration window_;
  // Each older and higher than the one behind it.
  std::deque<Candidate> candidates_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_WINDOW_MAXIMUM_H_
