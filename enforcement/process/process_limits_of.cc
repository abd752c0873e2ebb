#include "enforcement/process/process_limits_of.h"

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "enforcement/process/process_limit_text.h"
#include "enforcement/spec/scheduling_policy_text.h"

namespace reeve {
namespace {

std::optional<int> NumberIn(const std::string& text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

}  // namespace

ResourceLimits ProcessLimitsOf(const std::vector<LimitSetting>& settings) {
  ResourceLimits limits;
  for (const LimitSetting& setting : settings) {
    if (setting.controller != kProcessController) continue;
    const std::string& text = setting.read_back;
    if (setting.file == kOomScoreAdjFile) {
      limits.oom_score_adj = NumberIn(text);
    } else if (setting.file == kNiceFile) {
      limits.nice = NumberIn(text);
    } else if (setting.file == kSchedFile) {
      const absl::StatusOr<SchedulingPolicy> policy =
          ParseSchedulingPolicy(text);
      if (policy.ok()) limits.scheduling = *policy;
    } else if (const std::optional<int> resource =
                   ResourceOfFile(setting.file)) {
      const std::optional<Rlimit> rlimit = RlimitFromText(*resource, text);
      if (rlimit.has_value()) limits.rlimits.push_back(*rlimit);
    }
  }
  return limits;
}

}  // namespace reeve
