#include "collectors/cpu_percent_calculator.h"

namespace reeve {
namespace {

// The kernel accounts for some CPU time in clock ticks of 10 ms: over a much
// shorter time than this a percentage is mostly rounding.
constexpr absl::Duration kShortestWindow = absl::Milliseconds(100);

bool AreComparable(const CpuReading& from, const CpuReading& to) {
  return from.identity == to.identity && from.cpu_ns <= to.cpu_ns;
}

std::optional<double> PercentBetween(const std::optional<CpuReading>& from,
                                     const CpuReading& to) {
  if (!from.has_value() || !AreComparable(*from, to)) return std::nullopt;
  const int64_t elapsed_ns =
      absl::ToInt64Nanoseconds(to.taken_at - from->taken_at);
  if (elapsed_ns <= 0) return std::nullopt;
  return static_cast<double>(to.cpu_ns - from->cpu_ns) /
         static_cast<double>(elapsed_ns) * 100.0;
}

}  // namespace

std::optional<double> CpuPercentCalculator::Update(const CpuReading& now) {
  const std::optional<double> percent = PercentBetween(last_, now);
  const bool continues = last_.has_value() && AreComparable(*last_, now);
  before_last_ = continues ? last_ : std::nullopt;
  last_ = now;
  return percent;
}

std::optional<double> CpuPercentCalculator::Peek(const CpuReading& now) const {
  const bool too_recent = last_.has_value() && before_last_.has_value() &&
                          now.taken_at - last_->taken_at < kShortestWindow;
  return PercentBetween(too_recent ? before_last_ : last_, now);
}

}  // namespace reeve
