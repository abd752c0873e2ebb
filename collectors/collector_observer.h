#ifndef REEVE_COLLECTORS_COLLECTOR_OBSERVER_H_
#define REEVE_COLLECTORS_COLLECTOR_OBSERVER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace reeve {

// Told what measuring costs and where it fails, so that it can be exported.
// Implementations are thread-safe and fast: they are called while sampling.
class CollectorObserver {
 public:
  virtual ~CollectorObserver() = default;

  // A round took `duration` and read `tasks` tasks. `late` is how much after
  // its time the round began; rounds skipped because an earlier one took too
  // long are counted in `missed`.
  virtual void OnRound(absl::Duration duration, absl::Duration late,
                       uint64_t tasks, uint64_t missed) = 0;

  // A file could not be read or understood. A cgroup or process that has
  // vanished is no error and not reported.
  virtual void OnError(absl::string_view collector,
                       const absl::Status& status) = 0;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_COLLECTOR_OBSERVER_H_
