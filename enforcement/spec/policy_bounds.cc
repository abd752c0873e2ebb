#include "enforcement/spec/policy_bounds.h"

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

// The quota of 1 ms in the longest period of 1 s, and what no machine has.
constexpr double kFewestCores = 0.001;
constexpr double kMostCores = 1'000'000;
constexpr uint64_t kPageBytes = 4096;

}  // namespace

PolicyBounds ChangedBounds(PolicyBounds bounds,
                           const PolicyBoundsChange& change) {
  if (change.cpus_max.has_value()) {
    bounds.cpus_max = change.cpus_max;
    if (*change.cpus_max == 0) bounds.cpus_max.reset();
  }
  if (change.memory_max_bytes.has_value()) {
    bounds.memory_max_bytes = change.memory_max_bytes;
    if (*change.memory_max_bytes == 0) bounds.memory_max_bytes.reset();
  }
  if (change.priority.has_value()) bounds.priority = *change.priority;
  return bounds;
}

absl::Status ValidatePolicyBounds(const PolicyBounds& bounds) {
  // Said so that a number that is none is refused, too.
  const bool has_cores =
      !bounds.cpus_max.has_value() ||
      (*bounds.cpus_max >= kFewestCores && *bounds.cpus_max <= kMostCores);
  if (!has_cores) {
    return absl::InvalidArgumentError(
        absl::StrCat("cpus max ", *bounds.cpus_max, ": give ", kFewestCores,
                     " cores or more"));
  }
  if (bounds.memory_max_bytes.value_or(kPageBytes) < kPageBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("memory max ", *bounds.memory_max_bytes, ": give ",
                     kPageBytes, " bytes or more"));
  }
  if (bounds.priority > PolicyBounds::kHighestPriority) {
    return absl::InvalidArgumentError(
        absl::StrCat("priority ", bounds.priority, ": give 0 to ",
                     PolicyBounds::kHighestPriority));
  }
  return absl::OkStatus();
}

}  // namespace reeve
