// Forks as fast as it can, in every process, until the time is over, when all
// of them end: forkbomb [--seconds 1]
// Run it under a limit of processes only.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/programs/arguments.h"
#include "tests/programs/cpu_time.h"

int main(int argc, char** argv) {
  const double end =
      reeve::MonotonicSeconds() + reeve::FlagValue(argc, argv, "--seconds", 1);
  while (reeve::MonotonicSeconds() < end) {
    // A refused fork is tried again a little later, or the machine drowns.
    if (fork() < 0) usleep(1000);
  }
  while (waitpid(-1, nullptr, 0) > 0) {
  }
  return 0;
}
