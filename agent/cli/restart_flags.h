#ifndef REEVE_AGENT_CLI_RESTART_FLAGS_H_
#define REEVE_AGENT_CLI_RESTART_FLAGS_H_

#include <functional>

#include "agent/api/task_service.pb.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// Adds the flags of a restart policy. `policy` is asked when a flag is set.
void AddRestartFlags(FlagSet* flags,
                     const std::function<v1::RestartPolicy*()>& policy);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_RESTART_FLAGS_H_
