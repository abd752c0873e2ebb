#ifndef REEVE_AGENT_CLI_AWAITED_SIGNALS_H_
#define REEVE_AGENT_CLI_AWAITED_SIGNALS_H_

#include <csignal>
#include <initializer_list>
#include <optional>

#include "base/unique_fd.h"

namespace reeve {

// Signals that wait to be taken instead of doing what they do, from the
// constructor on. Those that this process ignores (nohup) stay ignored.
//
// Construct it before any thread is started: threads take over the blocked
// signals. Thread-compatible.
class AwaitedSignals {
 public:
  AwaitedSignals(std::initializer_list<int> signals);
  // Drops those that wait, and gives the signals back to this process.
  ~AwaitedSignals();
  AwaitedSignals(const AwaitedSignals&) = delete;
  AwaitedSignals& operator=(const AwaitedSignals&) = delete;

  // Readable when a signal waits.
  int fd() const { return fd_.get(); }

  // The next that waits; nullopt if there is none.
  std::optional<int> Take();

 private:
  sigset_t previous_mask_;
  UniqueFd fd_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_AWAITED_SIGNALS_H_
