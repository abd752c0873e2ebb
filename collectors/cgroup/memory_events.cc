#include "collectors/cgroup/memory_events.h"

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<MemoryEvents> ParseMemoryEvents(absl::string_view contents) {
  MemoryEvents events;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"low", &events.low},
                               {"high", &events.high},
                               {"max", &events.max},
                               {"oom", &events.oom},
                               {"oom_kill", &events.oom_kill}});
  if (!scanned.ok()) return scanned;
  return events;
}

}  // namespace reeve
