#include "collectors/task_history.h"

#include <algorithm>
#include <iterator>

#include "collectors/cgroup/cgroup_sample.h"

namespace reeve {
namespace {

// How much a counter grew; nullopt if it cannot be told.
std::optional<float> Growth(std::optional<uint64_t> before,
                            std::optional<uint64_t> now) {
  if (!before.has_value() || !now.has_value() || *now < *before) {
    return std::nullopt;
  }
  return static_cast<float>(*now - *before);
}

float ShareOf(std::optional<float> part, std::optional<float> whole) {
  if (!part.has_value() || !whole.has_value()) return HistoryPoint::kNoRatio;
  return *whole > 0 ? *part / *whole : 0;
}

float SecondsOf(std::optional<float> nanos) {
  return nanos.has_value() ? *nanos / 1e9F : HistoryPoint::kNoRatio;
}

// The largest number stands for what is larger, and is not that of "none".
uint32_t Count(std::optional<uint64_t> value) {
  if (!value.has_value()) return HistoryPoint::kNoCount;
  return static_cast<uint32_t>(
      std::min<uint64_t>(*value, HistoryPoint::kNoCount - 1));
}

uint32_t Kib(std::optional<uint64_t> bytes) {
  if (bytes.has_value()) *bytes /= 1024;
  return Count(bytes);
}

}  // namespace

void TaskHistory::Append(const TaskSnapshot& snapshot) {
  const CgroupSample& sample = snapshot.cgroup;
  if (latest_.has_value() && sample.taken_at <= latest_->taken_at) return;

  HistoryPoint point;
  point.unix_ms = absl::ToUnixMillis(snapshot.taken_at);
  if (snapshot.cpu_percent.has_value()) {
    point.cpu_cores = static_cast<float>(*snapshot.cpu_percent / 100);
  }
  if (latest_.has_value()) {
    point.throttled_ratio = ShareOf(
        Growth(latest_->throttled_periods, sample.cpu_throttled_periods),
        Growth(latest_->periods, sample.cpu_periods));
    point.throttled_seconds =
        SecondsOf(Growth(latest_->throttled_ns, sample.cpu_throttled_ns));
  }
  point.memory_usage_kib = Kib(sample.memory_usage_bytes);
  point.memory_working_set_kib = Kib(sample.memory_working_set_bytes);
  point.threads = Count(sample.threads);

  latest_ = Counters{sample.taken_at, sample.cpu_periods,
                     sample.cpu_throttled_periods, sample.cpu_throttled_ns};
  points_.push_back(point);
  const int64_t oldest = point.unix_ms - absl::ToInt64Milliseconds(kSpan);
  while (points_.size() > kMaxPoints || points_.front().unix_ms < oldest) {
    points_.pop_front();
  }
}

std::vector<HistoryPoint> TaskHistory::After(absl::Time since) const {
  const int64_t since_ms = absl::ToUnixMillis(since);
  std::vector<HistoryPoint> points;
  points.reserve(points_.size());
  std::copy_if(points_.begin(), points_.end(), std::back_inserter(points),
               [since_ms](const HistoryPoint& point) {
                 return point.unix_ms > since_ms;
               });
  return points;
}

}  // namespace reeve
