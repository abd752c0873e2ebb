// Limits of cgroups, and how many there are, as the kernel writes them.

#include <cmath>
#include <cstdint>
#include <optional>

#include "collectors/cgroups/cgroup_limit_reader.h"
#include "collectors/cgroups/cgroup_population.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);

  const absl::StatusOr<std::optional<double>> cores = reeve::ParseCpuMax(text);
  if (cores.ok() && cores->has_value()) {
    FUZZ_CHECK(std::isfinite(**cores) && **cores >= 0);
  }
  const auto quota = reeve::ParseCfsQuota(text);
  FUZZ_CHECK(!quota.ok() || !cores.ok());
  const auto count = reeve::ParseNumCgroups(text, "memory");
  FUZZ_CHECK(!count.ok() || !count->has_value() || !quota.ok());
  const auto stat = reeve::ParseCgroupStat(text);
  FUZZ_CHECK(!stat.ok() || !stat->all.has_value());
  return 0;
}
