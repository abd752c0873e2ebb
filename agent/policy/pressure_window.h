#ifndef REEVE_AGENT_POLICY_PRESSURE_WINDOW_H_
#define REEVE_AGENT_POLICY_PRESSURE_WINDOW_H_

#include <memory>
#include <optional>

#include "absl/time/time.h"
#include "agent/policy/growth_window.h"
#include "collectors/extra_sample.h"
#include "collectors/snapshot.h"

namespace reeve {

// For what part of the time some process waited for memory, between two
// readings of the collector of pressure, which are rarer than samples.
// Thread-compatible.
class PressureWindow {
 public:
  struct Finding {
    double ratio = 0;
    absl::Duration began;
  };

  // What this sample says, if it has a new reading.
  std::optional<Finding> Observe(const TaskSnapshot& sample);

  void Reset();

 private:
  // Kept, so that another has another address.
  std::shared_ptr<const ExtraSample> last_;
  GrowthWindow waiting_{absl::ZeroDuration()};
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_PRESSURE_WINDOW_H_
