// Ends in a given way: exit_with CODE | exit_with --signal N
#include <signal.h>
#include <sys/resource.h>

#include <cstdlib>

#include "tests/programs/arguments.h"

int main(int argc, char** argv) {
  if (!reeve::HasFlag(argc, argv, "--signal")) {
    return argc > 1 ? std::atoi(argv[1]) : 0;
  }
  // No core file for those signals that leave one.
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const auto signal_number =
      static_cast<int>(reeve::FlagValue(argc, argv, "--signal", 0));
  // A sanitizer's handler would end it otherwise.
  signal(signal_number, SIG_DFL);
  raise(signal_number);
  // Signals that are ignored or stop the process by default end here.
  return 1;
}
