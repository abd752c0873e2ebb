#ifndef REEVE_COLLECTORS_HOST_HELD_COUNTER_H_
#define REEVE_COLLECTORS_HOST_HELD_COUNTER_H_

#include <cstdint>
#include <optional>

namespace reeve {

// Keeps a counter of the kernel that goes back a little at times, such as CPU
// time in idle and iowait, from being taken for one that began anew: it is held
// until the kernel's has caught up. One that goes back by more than the
// tolerance, as when a CPU is taken offline, goes on from there, so that what
// is shown never decreases. Thread-compatible.
class HeldCounter {
 public:
  // In the unit of the counter.
  explicit HeldCounter(uint64_t tolerance) : tolerance_(tolerance) {}

  // Takes what the kernel says now, and returns what to show.
  uint64_t Update(uint64_t kernel_value) {
    if (!highest_.has_value()) {
      shown_ = kernel_value;
      highest_ = kernel_value;
    } else if (kernel_value > *highest_) {
      shown_ += kernel_value - *highest_;
      highest_ = kernel_value;
    } else if (*highest_ - kernel_value > tolerance_) {
      highest_ = kernel_value;
    }
    return shown_;
  }

 private:
  uint64_t tolerance_;
  std::optional<uint64_t> highest_;
  uint64_t shown_ = 0;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_HELD_COUNTER_H_
