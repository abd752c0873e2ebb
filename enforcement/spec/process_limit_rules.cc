#include "enforcement/spec/process_limit_rules.h"

#include <sys/resource.h>

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/rlimit_name.h"

namespace reeve {
namespace {

constexpr int kMinOomScoreAdj = -1000;
constexpr int kMaxOomScoreAdj = 1000;
constexpr int kMinNice = -20;
constexpr int kMaxNice = 19;

absl::Status ValidateRange(absl::string_view limit, int value, int min,
                           int max) {
  if (value >= min && value <= max) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(limit, " of ", value, ": give ", min, " to ", max));
}

absl::Status ValidatePolicy(const SchedulingPolicy& policy) {
  const int min = policy.is_real_time() ? SchedulingPolicy::kMinPriority : 0;
  const int max = policy.is_real_time() ? SchedulingPolicy::kMaxPriority : 0;
  return ValidateRange("scheduling priority", policy.priority, min, max);
}

std::string BoundName(const Bound& bound) {
  return bound.value.has_value() ? absl::StrCat(*bound.value) : "unlimited";
}

bool IsAbove(const Bound& a, const Bound& b) {
  if (!b.value.has_value()) return false;
  return !a.value.has_value() || *a.value > *b.value;
}

absl::Status ValidateRlimit(const Rlimit& rlimit) {
  const absl::string_view name = RlimitName(rlimit.resource);
  if (name.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("rlimit ", rlimit.resource, ": there is no such limit"));
  }
  // The kernel's number for "no limit".
  for (const Bound& bound : {rlimit.soft, rlimit.hard}) {
    if (bound.value == RLIM_INFINITY) {
      return absl::InvalidArgumentError(
          absl::StrCat("rlimit ", name, " of ", *bound.value,
                       ": give \"unlimited\" for no limit"));
    }
  }
  if (IsAbove(rlimit.soft, rlimit.hard)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "rlimit ", name, ": give a soft limit, which is ",
        BoundName(rlimit.soft), ", of no more than the hard one, which is ",
        BoundName(rlimit.hard)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateProcessLimits(const ResourceLimits& limits) {
  absl::Status status;
  if (limits.oom_score_adj) {
    status.Update(ValidateRange("oom_score_adj", *limits.oom_score_adj,
                                kMinOomScoreAdj, kMaxOomScoreAdj));
  }
  if (limits.nice) {
    status.Update(
        ValidateRange("nice value", *limits.nice, kMinNice, kMaxNice));
  }
  if (limits.scheduling) status.Update(ValidatePolicy(*limits.scheduling));
  std::set<int> seen;
  for (const Rlimit& rlimit : limits.rlimits) {
    status.Update(ValidateRlimit(rlimit));
    if (seen.insert(rlimit.resource).second) continue;
    status.Update(absl::InvalidArgumentError(absl::StrCat(
        "rlimit ", RlimitName(rlimit.resource), ": given more than once")));
  }
  return status;
}

}  // namespace reeve
