#include "enforcement/process/process_plan.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "enforcement/process/process_limit_text.h"
#include "enforcement/spec/scheduling_policy_text.h"

namespace reeve {
namespace {

// False where processes differ, or where the limit cannot be read.
bool LowersHardLimit(const Rlimit& rlimit, const LimitPlanner& planner) {
  const std::optional<std::string> text =
      planner.Text(RlimitFile(rlimit.resource).c_str());
  if (!text.has_value()) return false;
  const std::optional<Rlimit> now = RlimitFromText(rlimit.resource, *text);
  if (!now.has_value() || !rlimit.hard.value.has_value()) return false;
  return !now->hard.value.has_value() || *now->hard.value > *rlimit.hard.value;
}

void Add(const std::string& file, const std::string& value,
         LimitPlanner& planner) {
  planner.Add(kProcessController, file.c_str(), value, value);
}

}  // namespace

std::vector<LimitFile> ProcessFilesOf(const ResourceLimits& limits) {
  std::vector<LimitFile> files;
  const auto add = [&files](std::string file) {
    files.push_back({kProcessController, std::move(file)});
  };
  if (limits.oom_score_adj) add(kOomScoreAdjFile);
  if (limits.nice) add(kNiceFile);
  if (limits.scheduling) add(kSchedFile);
  for (const Rlimit& rlimit : limits.rlimits) add(RlimitFile(rlimit.resource));
  return files;
}

void PlanProcess(const ResourceLimits& limits, LimitPlanner& planner) {
  if (limits.oom_score_adj) {
    Add(kOomScoreAdjFile, absl::StrCat(*limits.oom_score_adj), planner);
  }
  if (limits.nice) Add(kNiceFile, absl::StrCat(*limits.nice), planner);
  if (limits.scheduling) {
    Add(kSchedFile, SchedulingPolicyText(*limits.scheduling), planner);
  }
  std::vector<Rlimit> rlimits = limits.rlimits;
  std::stable_partition(rlimits.begin(), rlimits.end(),
                        [&planner](const Rlimit& rlimit) {
                          return !LowersHardLimit(rlimit, planner);
                        });
  for (const Rlimit& rlimit : rlimits) {
    Add(RlimitFile(rlimit.resource), RlimitText(rlimit), planner);
  }
}

}  // namespace reeve
