// Ignores every signal that can be ignored, says "ready", and ends after a
// while: ignore_signals [--seconds 10]
#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "tests/programs/arguments.h"
#include "tests/programs/cpu_time.h"

int main(int argc, char** argv) {
  const double seconds = reeve::FlagValue(argc, argv, "--seconds", 10);
  for (int signal_number = 1; signal_number < NSIG; ++signal_number) {
    // The two that cannot be ignored are refused.
    signal(signal_number, SIG_IGN);
  }
  std::puts("ready");
  std::fflush(stdout);
  const double end = reeve::MonotonicSeconds() + seconds;
  while (reeve::MonotonicSeconds() < end) usleep(10'000);
  return 0;
}
