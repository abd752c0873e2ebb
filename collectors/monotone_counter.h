#ifndef REEVE_COLLECTORS_MONOTONE_COUNTER_H_
#define REEVE_COLLECTORS_MONOTONE_COUNTER_H_

#include <cstdint>
#include <optional>

namespace reeve {

// Carries a counter of the kernel on over its resets (a recreated cgroup, a 0
// written to cpuacct.usage): what is shown never decreases. After a decrease
// counting goes on from the lower value as the new baseline; what was consumed
// around the reset is not guessed. Thread-compatible.
class MonotoneCounter {
 public:
  // Takes what the kernel says now, and returns what to show.
  uint64_t Update(uint64_t kernel_value) {
    if (!last_.has_value()) {
      total_ = kernel_value;
    } else if (kernel_value > *last_) {
      total_ += kernel_value - *last_;
    }
    last_ = kernel_value;
    return total_;
  }

  // The same in place. What is absent stays so.
  void Carry(std::optional<uint64_t>& value) {
    if (value.has_value()) value = Update(*value);
  }

 private:
  std::optional<uint64_t> last_;
  uint64_t total_ = 0;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_MONOTONE_COUNTER_H_
