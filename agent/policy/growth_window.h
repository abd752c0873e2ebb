#ifndef REEVE_AGENT_POLICY_GROWTH_WINDOW_H_
#define REEVE_AGENT_POLICY_GROWTH_WINDOW_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace reeve {

// By how much a counter has grown in windows of a time: one that is read less
// often than others stands still in between, and that says nothing.
// Thread-compatible.
class GrowthWindow {
 public:
  struct Finding {
    uint64_t growth = 0;
    absl::Duration began;
    absl::Duration duration;
  };

  explicit GrowthWindow(absl::Duration length) : length_(length) {}

  // What the window says that this reading completes, if it does. A counter
  // that went back begins anew.
  std::optional<Finding> Observe(uint64_t value, absl::Duration taken_at);

  void Reset() { began_.reset(); }

 private:
  const absl::Duration length_;
  std::optional<absl::Duration> began_;
  uint64_t first_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_GROWTH_WINDOW_H_
