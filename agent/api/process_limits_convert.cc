#include "agent/api/process_limits_convert.h"

#include <string>

#include "absl/status/statusor.h"
#include "enforcement/spec/rlimit_name.h"
#include "enforcement/spec/scheduling_policy_text.h"

namespace reeve {

absl::Status ProcessLimitsFromProto(const v1::Limits& message,
                                    ResourceLimits* limits) {
  if (message.has_oom_score_adj()) {
    limits->oom_score_adj = message.oom_score_adj();
  }
  if (message.has_nice()) limits->nice = message.nice();
  if (message.has_scheduling_policy()) {
    const absl::StatusOr<SchedulingPolicy> policy =
        ParseSchedulingPolicy(message.scheduling_policy());
    if (!policy.ok()) return policy.status();
    limits->scheduling = *policy;
  }
  for (const v1::Rlimit& rlimit : message.rlimits()) {
    const absl::StatusOr<int> resource = ParseRlimitName(rlimit.name());
    if (!resource.ok()) return resource.status();
    limits->rlimits.push_back(
        {*resource,
         rlimit.has_soft() ? Bound::Of(rlimit.soft()) : Bound::Unlimited(),
         rlimit.has_hard() ? Bound::Of(rlimit.hard()) : Bound::Unlimited()});
  }
  return absl::OkStatus();
}

void ProcessLimitsToProto(const ResourceLimits& limits, v1::Limits* message) {
  if (limits.oom_score_adj) message->set_oom_score_adj(*limits.oom_score_adj);
  if (limits.nice) message->set_nice(*limits.nice);
  if (limits.scheduling) {
    message->set_scheduling_policy(SchedulingPolicyText(*limits.scheduling));
  }
  for (const Rlimit& rlimit : limits.rlimits) {
    v1::Rlimit* const added = message->add_rlimits();
    added->set_name(std::string(RlimitName(rlimit.resource)));
    if (rlimit.soft.value) added->set_soft(*rlimit.soft.value);
    if (rlimit.hard.value) added->set_hard(*rlimit.hard.value);
  }
}

}  // namespace reeve
