#ifndef REEVE_AGENT_TASKS_LAUNCH_POLICY_H_
#define REEVE_AGENT_TASKS_LAUNCH_POLICY_H_

#include <optional>

#include "enforcement/spec/capabilities.h"
#include "enforcement/spec/env_denial.h"
#include "enforcement/spec/id_ranges.h"

namespace reeve {

// What tasks get at most, whoever asks for more.
struct LaunchPolicy {
  // nullopt: all that the agent has itself.
  std::optional<CapabilitySet> allowed_capabilities;
  // Refused, as the user, the group or a supplementary group.
  IdRanges denied_uids;
  IdRanges denied_gids;
  // Left out of the environment.
  EnvDenial denied_env;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_LAUNCH_POLICY_H_
