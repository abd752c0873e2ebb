#ifndef REEVE_AGENT_CLI_POLICY_BOUND_FLAGS_H_
#define REEVE_AGENT_CLI_POLICY_BOUND_FLAGS_H_

#include <functional>

#include "agent/api/task_service.pb.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// Adds the flags that say how far policies may go with a task: for a new one,
// in the spec that `spec` finds at that time,
void AddPolicyBoundFlags(FlagSet* flags,
                         const std::function<v1::TaskSpec*()>& spec);

// or for one that runs, where "none" takes a bound away.
void AddPolicyBoundChangeFlags(FlagSet* flags, v1::UpdateRequest* request);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_POLICY_BOUND_FLAGS_H_
