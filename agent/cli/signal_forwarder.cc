#include "agent/cli/signal_forwarder.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace reeve {
namespace {

bool IsIgnored(int signal) {
  struct sigaction action;
  return sigaction(signal, nullptr, &action) == 0 &&
         action.sa_handler == SIG_IGN;
}

}  // namespace

SignalForwarder::SignalForwarder() : stop_(eventfd(0, EFD_CLOEXEC)) {
  sigset_t forwarded;
  sigemptyset(&forwarded);
  for (const int signal :
       {SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM}) {
    // A blocked signal is queued even if it is ignored.
    if (!IsIgnored(signal)) sigaddset(&forwarded, signal);
  }
  pthread_sigmask(SIG_BLOCK, &forwarded, &previous_mask_);
  signals_.Reset(signalfd(-1, &forwarded, SFD_CLOEXEC | SFD_NONBLOCK));
}

SignalForwarder::~SignalForwarder() {
  Stop();
  signalfd_siginfo info;
  while (read(signals_.get(), &info, sizeof(info)) > 0) {
  }
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

void SignalForwarder::Start(std::function<void(int signal)> forward) {
  thread_ = std::thread([this, forward = std::move(forward)] { Run(forward); });
}

void SignalForwarder::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void SignalForwarder::Run(const std::function<void(int signal)>& forward) {
  pollfd fds[2] = {{signals_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
  while (true) {
    // Without an end of time: fails with EINTR alone.
    if (poll(fds, 2, -1) < 0) continue;
    if (fds[1].revents != 0) return;
    signalfd_siginfo info;
    if (read(signals_.get(), &info, sizeof(info)) == sizeof(info)) {
      forward(static_cast<int>(info.ssi_signo));
    }
  }
}

}  // namespace reeve
