#include "enforcement/cgroup/cpu_weight.h"

#include <algorithm>

namespace reeve {

uint64_t CpuWeightFromShares(uint64_t shares) {
  return std::clamp<uint64_t>(shares * 100 / 1024, 1, 10'000);
}

uint64_t CpuSharesFromWeight(uint64_t weight) {
  return std::clamp<uint64_t>((weight * 1024 + 50) / 100, 2, 262'144);
}

}  // namespace reeve
