#include "enforcement/spec/group_limits.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace reeve {

absl::Status ValidateGroupLimits(const ResourceLimits& limits) {
  const std::pair<absl::string_view, bool> of_tasks_alone[] = {
      {"oom_score_adj", limits.oom_score_adj.has_value()},
      {"nice", limits.nice.has_value()},
      {"scheduling policy", limits.scheduling.has_value()},
      {"rlimit", !limits.rlimits.empty()},
      {"reserved CPUs", limits.reserved_cpus.has_value()},
  };
  for (const auto& [limit, is_given] : of_tasks_alone) {
    if (!is_given) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        limit, " of a group: a group has none; give it to each of its tasks"));
  }
  return ValidateLimits(limits);
}

}  // namespace reeve
