#ifndef REEVE_TESTS_INTEGRATION_LIMIT_CASE_H_
#define REEVE_TESTS_INTEGRATION_LIMIT_CASE_H_

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "collectors/task_target.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/cgroup/limit_setting.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The same numbers for the same seed.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  // Both ends included.
  uint64_t Between(uint64_t low, uint64_t high) {
    return low + engine_() % (high - low + 1);
  }
  bool OneIn(uint64_t times) { return Between(1, times) == 1; }

 private:
  std::mt19937_64 engine_;
};

// No limit, as a number.
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

// What the kernel shows of a task's limits at one moment, by none of the
// agent's code: contents of files by their names, without the newline.
class KernelTexts {
 public:
  explicit KernelTexts(std::map<std::string, std::string> texts)
      : texts_(std::move(texts)) {}

  bool Has(const std::string& file) const { return texts_.count(file) != 0; }
  // "" if there is no such file.
  std::string Text(const std::string& file) const;
  // The first word as a number; kNoLimit for "max", -1 and what v1 prints for
  // none; `missing` if there is no such file.
  double Number(const std::string& file, double missing) const;
  // What stands behind `item` and a space in a line of its own; "" if nothing
  // does.
  std::string Line(const std::string& file, const std::string& item) const;

  const std::map<std::string, std::string>& all() const { return texts_; }

 private:
  std::map<std::string, std::string> texts_;
};

// As KernelTexts::Number(), of one word.
double NumberInText(const std::string& word);

// What the agent says.
struct LimitReport {
  LimitValues values;
  std::vector<LimitSetting> settings;
};

// What the tests of all limits know of each: how to ask for one, how to read
// the kernel's files, and how the agent tells of it. Values are numbers in the
// units of ResourceLimits; kNoLimit is no limit; a list of CPUs or nodes is the
// sum of their powers of two.
struct LimitCase {
  std::string name;
  // What the limit is kept in, on v1 and v2. A host without any of these files
  // has no such limit.
  std::vector<LimitFile> files;
  // What the user is told then, as a regular expression.
  std::string refusal;
  // Two values that every host with the limit takes, and the one of a task
  // without it.
  double first = 0;
  double second = 0;
  double none = kNoLimit;
  // Asks for one of those, with what it needs beside it.
  std::function<void(double value, ResourceLimits& limits)> set;
  // Asks for some value, one that is valid or one that is not.
  std::function<void(Random& random, ResourceLimits& limits)> ask;
  // What is asked for; absent if nothing is.
  std::function<std::optional<double>(const ResourceLimits& limits)> wanted;
  std::function<double(const KernelTexts& kernel)> in_force;
  // What the agent says is in force; absent if it was never asked for.
  std::function<std::optional<double>(const LimitReport& report)> reported;
  // Whether the kernel's value is what another one becomes when it is set.
  std::function<bool(double in_force, double value)> same;
  // Of random choices of this limit only one in so many counts: for one of
  // many of a kind.
  uint64_t rarity = 1;
};

inline bool SameNumber(double in_force, double value) {
  return in_force == value;
}

template <typename Value>
double NumberOr(const std::optional<Value>& value, double absent) {
  return value.has_value() ? static_cast<double>(*value) : absent;
}

template <typename Value>
std::optional<double> NumberOf(const std::optional<Value>& value) {
  if (!value.has_value()) return std::nullopt;
  return static_cast<double>(*value);
}

inline std::optional<double> NumberOf(const std::optional<Bound>& bound) {
  if (!bound.has_value()) return std::nullopt;
  return NumberOr(bound->value, kNoLimit);
}

inline Bound BoundOf(double value) {
  return value == kNoLimit ? Bound::Unlimited()
                           : Bound::Of(static_cast<uint64_t>(value));
}

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_LIMIT_CASE_H_
