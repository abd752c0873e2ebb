#include "agent/cli/awaited_signals.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace reeve {
namespace {

bool IsIgnored(int signal) {
  struct sigaction action;
  return sigaction(signal, nullptr, &action) == 0 &&
         action.sa_handler == SIG_IGN;
}

}  // namespace

AwaitedSignals::AwaitedSignals(std::initializer_list<int> signals) {
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int signal : signals) {
    // A blocked signal is queued even if it is ignored.
    if (!IsIgnored(signal)) sigaddset(&awaited, signal);
  }
  pthread_sigmask(SIG_BLOCK, &awaited, &previous_mask_);
  fd_.Reset(signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK));
}

AwaitedSignals::~AwaitedSignals() {
  while (Take().has_value()) {
  }
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

std::optional<int> AwaitedSignals::Take() {
  signalfd_siginfo info;
  if (read(fd_.get(), &info, sizeof(info)) != sizeof(info)) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace reeve
