#ifndef REEVE_ENFORCEMENT_SPEC_POLICY_BOUNDS_H_
#define REEVE_ENFORCEMENT_SPEC_POLICY_BOUNDS_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"

namespace reeve {

// How far policies may change a task's limits. They bind policies alone: a
// person may set any limit.
struct PolicyBounds {
  static constexpr uint32_t kDefaultPriority = 50;
  static constexpr uint32_t kHighestPriority = 100;

  // In cores; absent: no policy touches the CPU limit.
  std::optional<double> cpus_max;
  // For the high mark of memory; absent: no policy touches that.
  std::optional<uint64_t> memory_max_bytes;
  // Among the tasks of its group: where one has to end, the lowest does.
  uint32_t priority = kDefaultPriority;

  bool operator==(const PolicyBounds& other) const {
    return cpus_max == other.cpus_max &&
           memory_max_bytes == other.memory_max_bytes &&
           priority == other.priority;
  }
};

// What is to be different; what is absent is left alone.
struct PolicyBoundsChange {
  // 0 takes the bound away.
  std::optional<double> cpus_max;
  std::optional<uint64_t> memory_max_bytes;
  std::optional<uint32_t> priority;

  bool empty() const { return !cpus_max && !memory_max_bytes && !priority; }
};

PolicyBounds ChangedBounds(PolicyBounds bounds,
                           const PolicyBoundsChange& change);

// kInvalidArgument, naming the bound and its range: cores that no limit can
// have, less than a page of memory, a priority above 100.
absl::Status ValidatePolicyBounds(const PolicyBounds& bounds);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_POLICY_BOUNDS_H_
