#ifndef REEVE_AGENT_POLICY_ACTION_RATE_H_
#define REEVE_AGENT_POLICY_ACTION_RATE_H_

#include <cstddef>
#include <deque>

#include "absl/time/time.h"

namespace reeve {

// How many actions there were in the last minute. Thread-compatible.
class ActionRate {
 public:
  void Count(absl::Duration now) { times_.push_back(now); }

  // Time must not go back between calls.
  size_t InLastMinute(absl::Duration now) {
    while (!times_.empty() && now - times_.front() >= absl::Minutes(1)) {
      times_.pop_front();
    }
    return times_.size();
  }

 private:
  std::deque<absl::Duration> times_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_ACTION_RATE_H_
