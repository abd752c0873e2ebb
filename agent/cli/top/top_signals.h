#ifndef REEVE_AGENT_CLI_TOP_TOP_SIGNALS_H_
#define REEVE_AGENT_CLI_TOP_TOP_SIGNALS_H_

#include <optional>

#include "agent/cli/awaited_signals.h"

namespace reeve {

// The signals that a program with the whole screen must hear of itself: those
// that end it, stop it, let it go on, or tell of a new size. See
// AwaitedSignals. Thread-compatible.
class TopSignals {
 public:
  TopSignals();

  int fd() const { return signals_.fd(); }
  std::optional<int> Take() { return signals_.Take(); }

  // Stops this process, as SIGTSTP does by default. Returns when it goes on.
  static void Stop();

 private:
  AwaitedSignals signals_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_SIGNALS_H_
