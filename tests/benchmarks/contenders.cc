#include "tests/benchmarks/contenders.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace reeve {
namespace {

constexpr absl::Duration kIdle = absl::Milliseconds(100);
constexpr int kWarmUps = 5;

double TimeOnce(const Contender& contender, int* serial) {
  const absl::Time start = absl::Now();
  contender.run(++*serial);
  return MicrosecondsSince(start);
}

void Print(const char* kind, const std::vector<Contender>& contenders,
           std::vector<double> Contender::*values) {
  const double base = Percentile(contenders[0].*values, 0.5);
  for (const Contender& contender : contenders) {
    const double median = Percentile(contender.*values, 0.5);
    std::printf("| %-12s | %-14s | %8.0f | %8.0f | %8.0f | %5.2f |\n", kind,
                contender.name.c_str(), median,
                Percentile(contender.*values, 0.1),
                Percentile(contender.*values, 0.9), base / median);
  }
}

}  // namespace

void Die(const std::string& message) {
  std::fprintf(stderr, "benchmark: %s\n", message.c_str());
  std::exit(1);
}

double MicrosecondsSince(absl::Time start) {
  return absl::ToDoubleMicroseconds(absl::Now() - start);
}

double Percentile(std::vector<double> values, double fraction) {
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<size_t>(last * fraction)];
}

void RunProgram(std::vector<std::string> words) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid;
  if (posix_spawnp(&pid, argv[0], nullptr, nullptr, argv.data(), environ) !=
      0) {
    Die(absl::StrCat("cannot start ", words[0]));
  }
  int status;
  if (waitpid(pid, &status, 0) != pid || status != 0) {
    Die(absl::StrCat(words[0], " failed"));
  }
}

void TimeContenders(int rounds, std::vector<Contender>& contenders) {
  int serial = 0;
  for (const Contender& contender : contenders) {
    for (int i = 0; i < kWarmUps; ++i) (void)TimeOnce(contender, &serial);
  }
  for (size_t round = 0; round < static_cast<size_t>(rounds); ++round) {
    for (size_t i = 0; i < contenders.size(); ++i) {
      Contender& contender = contenders[(i + round) % contenders.size()];
      (void)TimeOnce(contender, &serial);
      contender.warm_us.push_back(TimeOnce(contender, &serial));
      absl::SleepFor(kIdle);
      contender.idle_us.push_back(TimeOnce(contender, &serial));
    }
  }
}

void PrintContenders(const std::string& what,
                     const std::vector<Contender>& contenders) {
  std::printf("| %-12s | %-14s | %8s | %8s | %8s | %5s |\n", "", what.c_str(),
              "median", "p10", "p90", "reeve");
  std::printf("|---|---|--:|--:|--:|--:|\n");
  Print("warm", contenders, &Contender::warm_us);
  Print("100 ms idle", contenders, &Contender::idle_us);
}

}  // namespace reeve
