// Leaves a daemon behind by the double fork, in a session of its own, that is
// busy for a while: daemonize [--seconds 1] [--stay]
// Prints "daemon PID" first. Exits at once, or with the daemon under --stay.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "tests/programs/arguments.h"
#include "tests/programs/cpu_time.h"

int main(int argc, char** argv) {
  const double seconds = reeve::FlagValue(argc, argv, "--seconds", 1);
  const bool stay = reeve::HasFlag(argc, argv, "--stay");

  int fds[2];
  if (pipe(fds) != 0) return 1;
  const pid_t middle = fork();
  if (middle < 0) return 1;
  if (middle == 0) {
    setsid();
    const pid_t daemon = fork();
    if (daemon == 0) {
      close(fds[0]);
      close(fds[1]);
      reeve::BurnFor(seconds);
      _exit(0);
    }
    const ssize_t n = write(fds[1], &daemon, sizeof(daemon));
    _exit(n == sizeof(daemon) ? 0 : 1);
  }
  pid_t daemon = 0;
  if (read(fds[0], &daemon, sizeof(daemon)) != sizeof(daemon)) return 1;
  waitpid(middle, nullptr, 0);
  std::printf("daemon %d\n", daemon);
  std::fflush(stdout);
  if (stay) reeve::BurnFor(seconds);
  return 0;
}
