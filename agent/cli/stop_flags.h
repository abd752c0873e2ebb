#ifndef REEVE_AGENT_CLI_STOP_FLAGS_H_
#define REEVE_AGENT_CLI_STOP_FLAGS_H_

#include <functional>

#include "agent/api/task_service.pb.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// Adds the flags of how a task is to be stopped. `spec` is asked when a flag is
// set.
void AddStopFlags(FlagSet* flags, const std::function<v1::TaskSpec*()>& spec);

// The same for a task that runs.
void AddStopChangeFlags(FlagSet* flags, v1::UpdateRequest* request);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_STOP_FLAGS_H_
