#include "tests/integration/cpu_counters.h"

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "enforcement/spec/resource_limits.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

constexpr absl::Duration kPeriod =
    absl::Microseconds(CpuQuota::kDefaultPeriodUsec);
// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

double CoresBetween(const CgroupSample& from, const CgroupSample& to) {
  const auto used = absl::Nanoseconds(
      static_cast<int64_t>(*to.cpu_usage_ns - *from.cpu_usage_ns));
  return absl::FDivDuration(used,
                            kPeriod * (*to.cpu_periods - *from.cpu_periods));
}

}  // namespace

CpuCounters::CpuCounters(const CgroupDirs& dirs)
    : reader_(CgroupReader::Open(dirs, clock_)) {
  EXPECT_THAT(reader_, IsOk());
}

CgroupSample CpuCounters::Read() {
  CgroupSample sample;
  if (!reader_.ok()) return sample;
  EXPECT_THAT(reader_->Read(
                  buffer_,
                  [](absl::string_view, const absl::Status& status) {
                    ADD_FAILURE() << status;
                  },
                  sample),
              IsOk());
  return sample;
}

absl::Duration CpuCounters::Usage() {
  return absl::Nanoseconds(
      static_cast<int64_t>(Read().cpu_usage_ns.value_or(0)));
}

std::optional<double> CoresOfThrottledPeriods(const CgroupDirs& dirs) {
  constexpr uint64_t kEnough = 10;
  CpuCounters counters(dirs);
  const absl::Time deadline = absl::Now() + kPatience;
  CgroupSample last = counters.Read();
  CgroupSample start;
  bool is_started = false;
  while (absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
    const CgroupSample now = counters.Read();
    const uint64_t ended = *now.cpu_periods - *last.cpu_periods;
    const uint64_t throttled =
        *now.cpu_throttled_periods - *last.cpu_throttled_periods;
    // Read that shortly before the end of a period, usage is of whole ones:
    // the task had to wait by then.
    const bool is_exact = now.taken_at - last.taken_at < kPeriod / 20;
    if (throttled != ended || ended > 1) is_started = false;
    if (ended == 1 && throttled == 1 && is_exact) {
      if (!is_started) start = last;
      is_started = true;
      const uint64_t periods = *last.cpu_periods - *start.cpu_periods;
      if (periods >= kEnough) return CoresBetween(start, last);
    }
    last = now;
  }
  return std::nullopt;
}

}  // namespace reeve
