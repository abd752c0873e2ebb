#ifndef REEVE_ENFORCEMENT_CGROUP_CPU_WEIGHT_H_
#define REEVE_ENFORCEMENT_CGROUP_CPU_WEIGHT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// How v1 cpu.shares (2 to 262144, default 1024) become a v2 cpu.weight (1 to
// 10000, default 100).
enum class CpuWeightMapping {
  // Sibling tasks keep the ratio that their shares have, and the defaults meet;
  // what is beyond the range of weights is clamped.
  kLinear,
  // One range onto the other, as OCI runtimes did until 2025: 1024 is 39.
  kClassic,
  // Both ends and the defaults meet, as in OCI runtimes since; ratios are bent.
  kQuadratic,
};

// "linear", "classic" or "quadratic"; else kInvalidArgument.
absl::StatusOr<CpuWeightMapping> ParseCpuWeightMapping(absl::string_view text);

// All users of a formula go through these two.
uint64_t CpuWeightFromShares(
    uint64_t shares, CpuWeightMapping mapping = CpuWeightMapping::kLinear);

// The fewest shares that give `weight`; by kQuadratic, that or nearly that.
uint64_t CpuSharesFromWeight(
    uint64_t weight, CpuWeightMapping mapping = CpuWeightMapping::kLinear);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CPU_WEIGHT_H_
