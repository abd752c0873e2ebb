// Keeps threads busy for a wall time, all of it or a share of each tenth of a
// second: burn [--threads 1] [--seconds 1] [--duty 1]
#include <time.h>

#include <thread>
#include <vector>

#include "tests/programs/arguments.h"
#include "tests/programs/cpu_time.h"

namespace {

void Burn(double seconds, double duty) {
  constexpr double kCycle = 0.1;
  if (duty >= 1) return reeve::BurnFor(seconds);
  const double end = reeve::MonotonicSeconds() + seconds;
  timespec rest = {0, static_cast<long>((1 - duty) * kCycle * 1e9)};
  while (reeve::MonotonicSeconds() < end) {
    reeve::BurnFor(duty * kCycle);
    nanosleep(&rest, nullptr);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto threads =
      static_cast<int>(reeve::FlagValue(argc, argv, "--threads", 1));
  const double seconds = reeve::FlagValue(argc, argv, "--seconds", 1);
  const double duty = reeve::FlagValue(argc, argv, "--duty", 1);

  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) {
    others.emplace_back(Burn, seconds, duty);
  }
  Burn(seconds, duty);
  for (std::thread& other : others) other.join();
  return 0;
}
