#ifndef REEVE_AGENT_POLICY_POLICY_HOST_H_
#define REEVE_AGENT_POLICY_POLICY_HOST_H_

#include "absl/status/status.h"
#include "agent/policy/policy_rule.h"

namespace reeve {

// What rules may need of the host and the agent.
struct PolicyHost {
  // The memory controller is on cgroup v2.
  bool has_memory_high = false;
  // The collector of pressure is on.
  bool has_pressure = false;
};

// kFailedPrecondition, naming the rule and what it needs, for one that could
// never act here.
absl::Status CheckPolicyOnHost(const Policy& policy, const PolicyHost& host);

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_HOST_H_
