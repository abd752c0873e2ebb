#ifndef REEVE_ENFORCEMENT_CGROUP_CPU_WEIGHT_H_
#define REEVE_ENFORCEMENT_CGROUP_CPU_WEIGHT_H_

#include <cstdint>

namespace reeve {

// Between v1 cpu.shares (2 to 262144, default 1024) and v2 cpu.weight (1 to
// 10000, default 100). Linear, so that sibling tasks keep the ratio that their
// shares have; what is beyond the range of weights is clamped. All users of a
// formula go through these two.
uint64_t CpuWeightFromShares(uint64_t shares);

// Shares that give `weight`: the nearest number, since a weight stands for
// several.
uint64_t CpuSharesFromWeight(uint64_t weight);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CPU_WEIGHT_H_
