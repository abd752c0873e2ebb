#ifndef REEVE_AGENT_CLI_MEMORY_DECREASE_FLAGS_H_
#define REEVE_AGENT_CLI_MEMORY_DECREASE_FLAGS_H_

#include <functional>

#include "agent/cli/flag_set.h"
#include "google/protobuf/duration.pb.h"

namespace reeve {

// Adds --force and --reclaim-timeout: what to do about a memory limit that is
// lower than what is in use. `timeout` is called only if one was given.
void AddMemoryDecreaseFlags(
    FlagSet* flags, bool* force,
    const std::function<google::protobuf::Duration*()>& timeout);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_MEMORY_DECREASE_FLAGS_H_
