#ifndef REEVE_AGENT_CLI_SIGNAL_FORWARDER_H_
#define REEVE_AGENT_CLI_SIGNAL_FORWARDER_H_

#include <functional>
#include <thread>

#include "agent/cli/awaited_signals.h"
#include "base/unique_fd.h"

namespace reeve {

// Gives the signals that ask a program for something (HUP, INT, QUIT, USR1,
// USR2, ALRM, TERM) to a function instead of this process, also those that come
// between construction and Start(): see AwaitedSignals. Thread-compatible.
class SignalForwarder {
 public:
  SignalForwarder();
  // Stops, drops what came since, and gives the signals back to this process.
  ~SignalForwarder();
  SignalForwarder(const SignalForwarder&) = delete;
  SignalForwarder& operator=(const SignalForwarder&) = delete;

  // Calls `forward` on a thread of its own, for one signal after the other.
  void Start(std::function<void(int signal)> forward);

  // Returns when `forward` is not called any more.
  void Stop();

 private:
  void Run(const std::function<void(int signal)>& forward);

  AwaitedSignals signals_;
  UniqueFd stop_;
  std::thread thread_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_SIGNAL_FORWARDER_H_
