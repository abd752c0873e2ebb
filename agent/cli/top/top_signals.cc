#include "agent/cli/top/top_signals.h"

#include <pthread.h>

#include <csignal>

namespace reeve {

TopSignals::TopSignals()
    : signals_({SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT, SIGWINCH}) {
}

void TopSignals::Stop() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  // Not SIGSTOP: where nobody could let it go on, the kernel drops this one.
  raise(SIGTSTP);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
}

}  // namespace reeve
