#ifndef REEVE_COLLECTORS_HISTORY_BLOCK_H_
#define REEVE_COLLECTORS_HISTORY_BLOCK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "collectors/history_point.h"

namespace reeve {

// A point as whole numbers; one that was not measured is 0, others are one more
// than their value.
using PackedPoint = std::array<uint64_t, 7>;

// Points that follow each other, each told by what it differs from the one
// before: one byte for a task that sleeps, some six for one at work. Ratios and
// seconds are kept to a ten thousandth. Thread-compatible.
class HistoryBlock {
 public:
  void Append(const HistoryPoint& point);

  // Nothing is appended any more: gives back the room for it.
  void Close() { bytes_.shrink_to_fit(); }

  // Adds the points to `points`, the oldest first.
  void Unpack(std::vector<HistoryPoint>* points) const;

  size_t size() const { return size_; }
  // Memory that the block takes.
  size_t bytes() const { return sizeof(*this) + bytes_.capacity(); }
  // Of the last point.
  int64_t last_unix_ms() const { return last_unix_ms_; }

 private:
  std::string bytes_;
  size_t size_ = 0;
  int64_t last_unix_ms_ = 0;
  // What the next point is told by.
  PackedPoint last_ = {};
  uint64_t last_step_ = 0;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HISTORY_BLOCK_H_
