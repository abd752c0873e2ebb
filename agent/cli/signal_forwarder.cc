#include "agent/cli/signal_forwarder.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <csignal>
#include <optional>
#include <utility>

namespace reeve {
SignalForwarder::SignalForwarder()
    : signals_({SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM}),
      stop_(eventfd(0, EFD_CLOEXEC)) {}

SignalForwarder::~SignalForwarder() { Stop(); }

void SignalForwarder::Start(std::function<void(int signal)> forward) {
  thread_ = std::thread([this, forward = std::move(forward)] { Run(forward); });
}

void SignalForwarder::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void SignalForwarder::Run(const std::function<void(int signal)>& forward) {
  pollfd fds[2] = {{signals_.fd(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
  while (true) {
    // Without an end of time: fails with EINTR alone.
    if (poll(fds, 2, -1) < 0) continue;
    if (fds[1].revents != 0) return;
    const std::optional<int> signal = signals_.Take();
    if (signal.has_value()) forward(*signal);
  }
}

}  // namespace reeve
