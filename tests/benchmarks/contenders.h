#ifndef REEVE_TESTS_BENCHMARKS_CONTENDERS_H_
#define REEVE_TESTS_BENCHMARKS_CONTENDERS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace reeve {

// Several ways to the same end, timed in turn, so that all meet the same
// machine: right after another run, and after 100 ms without work.

struct Contender {
  std::string name;
  // `serial` is another one in each run.
  std::function<void(int serial)> run;
  std::vector<double> warm_us = {};
  std::vector<double> idle_us = {};
};

// Ends the benchmark.
[[noreturn]] void Die(const std::string& message);

double MicrosecondsSince(absl::Time start);

double Percentile(std::vector<double> values, double fraction);

// Runs a program, found as execvp(3) finds it, to its end, which must be good.
void RunProgram(std::vector<std::string> words);

// Each contender goes first as often as the others.
void TimeContenders(int rounds, std::vector<Contender>& contenders);

// A table of medians and percentiles in microseconds, with what the first
// contender takes of each other's time.
void PrintContenders(const std::string& what,
                     const std::vector<Contender>& contenders);

}  // namespace reeve

#endif  // REEVE_TESTS_BENCHMARKS_CONTENDERS_H_
