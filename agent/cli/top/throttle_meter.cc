#include "agent/cli/top/throttle_meter.h"

#include <iterator>

#include "absl/time/time.h"
#include "agent/cli/task_text.h"

namespace reeve {
namespace {

double Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return 0;
  return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void ThrottleMeter::EndRound() {
  for (auto it = readings_.begin(); it != readings_.end();) {
    it = it->second.round == round_ ? std::next(it) : readings_.erase(it);
  }
}

std::optional<double> ThrottleMeter::PercentOf(const std::string& id,
                                               const v1::Usage& usage) {
  if (!usage.has_cpu_throttled_periods() || usage.cpu_periods() == 0) {
    return std::nullopt;
  }
  Reading now;
  now.round = round_;
  now.taken_at_ns = absl::ToUnixNanos(FromProto(usage.taken_at()));
  now.periods = usage.cpu_periods();
  now.throttled_periods = usage.cpu_throttled_periods();
  Reading& before = readings_[id];
  if (before.round != 0 && before.taken_at_ns == now.taken_at_ns) {
    now.percent = before.percent;
  } else if (now.periods < before.periods ||
             now.throttled_periods < before.throttled_periods) {
    // Another task of the same name.
    now.percent = Percent(now.throttled_periods, now.periods);
  } else {
    now.percent = Percent(now.throttled_periods - before.throttled_periods,
                          now.periods - before.periods);
  }
  before = now;
  return now.percent;
}

}  // namespace reeve
