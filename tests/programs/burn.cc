// Keeps threads busy for a wall time: burn [--threads 1] [--seconds 1]
#include <thread>
#include <vector>

#include "tests/programs/arguments.h"
#include "tests/programs/cpu_time.h"

int main(int argc, char** argv) {
  const auto threads =
      static_cast<int>(reeve::FlagValue(argc, argv, "--threads", 1));
  const double seconds = reeve::FlagValue(argc, argv, "--seconds", 1);

  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) {
    others.emplace_back(reeve::BurnFor, seconds);
  }
  reeve::BurnFor(seconds);
  for (std::thread& other : others) other.join();
  return 0;
}
