#include "collectors/task_history.h"

#include <algorithm>

#include "collectors/cgroup/cgroup_sample.h"

namespace reeve {
namespace {

constexpr size_t kBlockPoints = 128;

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

int64_t OldestKept(const HistoryBlock& latest) {
  return latest.last_unix_ms() - absl::ToInt64Milliseconds(TaskHistory::kSpan);
}

}  // namespace

void TaskHistory::Append(const TaskSnapshot& snapshot) {
  const CgroupSample& sample = snapshot.cgroup;
  if (latest_.has_value() && sample.taken_at <= latest_->taken_at) return;

  if (blocks_.empty() || blocks_.back().size() >= kBlockPoints) {
    if (!blocks_.empty()) blocks_.back().Close();
    blocks_.emplace_back();
  }
  blocks_.back().Append(PointOf(snapshot));
  latest_ = Counters{sample.taken_at, sample.cpu_periods,
                     sample.cpu_throttled_periods, sample.cpu_throttled_ns};
  ForgetOld();
}

HistoryPoint TaskHistory::PointOf(const TaskSnapshot& snapshot) const {
  const CgroupSample& sample = snapshot.cgroup;
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
  return point;
}

void TaskHistory::ForgetOld() {
  const int64_t oldest = OldestKept(blocks_.back());
  while (blocks_.size() > 1 &&
         (blocks_.front().last_unix_ms() < oldest || bytes() > kMaxBytes)) {
    blocks_.erase(blocks_.begin());
  }
}

size_t TaskHistory::bytes() const {
  size_t bytes = (blocks_.capacity() - blocks_.size()) * sizeof(HistoryBlock);
  for (const HistoryBlock& block : blocks_) bytes += block.bytes();
  return bytes;
}

std::vector<HistoryPoint> TaskHistory::After(absl::Time since) const {
  std::vector<HistoryPoint> points;
  if (blocks_.empty()) return points;
  points.reserve(blocks_.size() * kBlockPoints);
  for (const HistoryBlock& block : blocks_) block.Unpack(&points);

  // A block is forgotten as a whole, once its last point is too old.
  const int64_t oldest = OldestKept(blocks_.back());
  const auto first = std::find_if(
      points.begin(), points.end(),
      [oldest](const HistoryPoint& point) { return point.unix_ms >= oldest; });
  points.erase(points.begin(), first);
  const int64_t since_ms = absl::ToUnixMillis(since);
  points.erase(std::remove_if(points.begin(), points.end(),
                              [since_ms](const HistoryPoint& point) {
                                return point.unix_ms <= since_ms;
                              }),
               points.end());
  return points;
}

}  // namespace reeve
