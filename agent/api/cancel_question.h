#ifndef REEVE_AGENT_API_CANCEL_QUESTION_H_
#define REEVE_AGENT_API_CANCEL_QUESTION_H_

#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "base/clock.h"

namespace reeve {

// Whether the caller has given up, asked at each step of something that mostly
// takes a few milliseconds. To ask gRPC is to wait for a timer of the kernel's,
// which takes as long as a step: it is asked only when the last answer is old.
// For one thread at a time.
class CancelQuestion {
 public:
  // `clock` must outlive the object. At the beginning nobody has given up.
  CancelQuestion(const Clock& clock, std::function<bool()> ask)
      : clock_(clock), ask_(std::move(ask)), asked_at_(clock.MonotonicNow()) {}

  bool Ask() {
    const absl::Duration now = clock_.MonotonicNow();
    if (now - asked_at_ < kInterval) return false;
    asked_at_ = now;
    return ask_();
  }

 private:
  static constexpr absl::Duration kInterval = absl::Milliseconds(5);

  const Clock& clock_;
  const std::function<bool()> ask_;
  absl::Duration asked_at_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_CANCEL_QUESTION_H_
