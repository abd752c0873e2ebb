#ifndef REEVE_COLLECTORS_BACKGROUND_COLLECTOR_H_
#define REEVE_COLLECTORS_BACKGROUND_COLLECTOR_H_

#include "absl/strings/string_view.h"

namespace reeve {

// Measures something of the host beside the tasks, at an interval and on a
// thread of its own: see BackgroundRounds. What it found last can be asked for
// at any time by any thread, and never waits for a round.
class BackgroundCollector {
 public:
  virtual ~BackgroundCollector() = default;

  // As in the flag --collector.NAME and in collect[].
  virtual absl::string_view name() const = 0;

  // Measures once and publishes what it found, in the place of what was found
  // before. A file that cannot be read is told to the CollectorObserver and
  // leaves its values absent. Called by one thread alone; may take long, and
  // may hang with a file that does.
  virtual void Collect() = 0;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_BACKGROUND_COLLECTOR_H_
