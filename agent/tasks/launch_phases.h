#ifndef REEVE_AGENT_TASKS_LAUNCH_PHASES_H_
#define REEVE_AGENT_TASKS_LAUNCH_PHASES_H_

#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"

namespace reeve {

struct LaunchPhase {
  // Without characters that a label could not have.
  const char* name;
  absl::Duration duration;
};

// Where the time of one launch goes: phases that follow each other without a
// gap. For one thread at a time.
class LaunchPhases {
 public:
  // The first phase begins now. `clock` must outlive the object.
  explicit LaunchPhases(const Clock& clock)
      : clock_(clock), began_(clock.MonotonicNow()) {}

  // One ends, now or at an instant of the monotonic clock, and the next begins.
  void End(const char* name) { EndAt(name, clock_.MonotonicNow()); }
  void EndAt(const char* name, absl::Duration at) {
    phases_.push_back({name, at - began_});
    began_ = at;
  }

  const std::vector<LaunchPhase>& list() const { return phases_; }

 private:
  const Clock& clock_;
  absl::Duration began_;
  std::vector<LaunchPhase> phases_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_LAUNCH_PHASES_H_
