#include "collectors/history_block.h"

#include <algorithm>
#include <cmath>

namespace reeve {
namespace {

constexpr double kParts = 10'000;
// Where the time is, which is told by how its step differs from the one before.
constexpr size_t kTime = 0;

uint64_t PackRatio(float ratio) {
  if (std::isnan(ratio)) return 0;
  return 1 +
         static_cast<uint64_t>(std::llround(std::max(0.0F, ratio) * kParts));
}

float UnpackRatio(uint64_t packed) {
  if (packed == 0) return HistoryPoint::kNoRatio;
  return static_cast<float>(static_cast<double>(packed - 1) / kParts);
}

// kNoCount is the largest of its kind: one more is 0.
uint64_t PackCount(uint32_t count) { return static_cast<uint32_t>(count + 1); }

uint32_t UnpackCount(uint64_t packed) {
  return static_cast<uint32_t>(packed) - 1;
}

PackedPoint Pack(const HistoryPoint& point) {
  return {static_cast<uint64_t>(point.unix_ms),
          PackRatio(point.cpu_cores),
          PackRatio(point.throttled_ratio),
          PackRatio(point.throttled_seconds),
          PackCount(point.memory_usage_kib),
          PackCount(point.memory_working_set_kib),
          PackCount(point.threads)};
}

HistoryPoint Unpacked(const PackedPoint& packed) {
  HistoryPoint point;
  point.unix_ms = static_cast<int64_t>(packed[kTime]);
  point.cpu_cores = UnpackRatio(packed[1]);
  point.throttled_ratio = UnpackRatio(packed[2]);
  point.throttled_seconds = UnpackRatio(packed[3]);
  point.memory_usage_kib = UnpackCount(packed[4]);
  point.memory_working_set_kib = UnpackCount(packed[5]);
  point.threads = UnpackCount(packed[6]);
  return point;
}

// Differences, which may be negative, as numbers that are small where they are:
// 0, -1, 1, -2 … are 0, 1, 2, 3 …. Unsigned, for they may wrap around.
uint64_t FoldSign(uint64_t difference) {
  return (difference << 1) ^ (0 - (difference >> 63));
}

uint64_t UnfoldSign(uint64_t folded) {
  return (folded >> 1) ^ (0 - (folded & 1));
}

// Seven bits a byte, the lowest first; the highest bit tells that more follow.
void AppendVarint(uint64_t value, std::string* bytes) {
  while (value >= 0x80) {
    bytes->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  bytes->push_back(static_cast<char>(value));
}

uint64_t ReadVarint(const std::string& bytes, size_t* at) {
  uint64_t value = 0;
  for (int shift = 0; *at < bytes.size(); shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes[(*at)++]);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

}  // namespace

void HistoryBlock::Append(const HistoryPoint& point) {
  const PackedPoint packed = Pack(point);
  PackedPoint expected = last_;
  expected[kTime] += last_step_;

  const size_t mask_at = bytes_.size();
  bytes_.push_back(0);
  unsigned mask = 0;
  for (size_t i = 0; i < packed.size(); ++i) {
    if (packed[i] == expected[i]) continue;
    mask |= 1U << i;
    AppendVarint(FoldSign(packed[i] - expected[i]), &bytes_);
  }
  bytes_[mask_at] = static_cast<char>(mask);

  // Of the first point it is no step.
  last_step_ = size_ == 0 ? 0 : packed[kTime] - last_[kTime];
  last_ = packed;
  last_unix_ms_ = point.unix_ms;
  ++size_;
}

void HistoryBlock::Unpack(std::vector<HistoryPoint>* points) const {
  PackedPoint last = {};
  uint64_t step = 0;
  size_t at = 0;
  for (size_t number = 0; number < size_; ++number) {
    PackedPoint packed = last;
    packed[kTime] += step;
    const auto mask = static_cast<uint8_t>(bytes_[at++]);
    for (size_t i = 0; i < packed.size(); ++i) {
      if ((mask & (1U << i)) == 0) continue;
      packed[i] += UnfoldSign(ReadVarint(bytes_, &at));
    }
    step = number == 0 ? 0 : packed[kTime] - last[kTime];
    last = packed;
    points->push_back(Unpacked(packed));
  }
}

}  // namespace reeve
