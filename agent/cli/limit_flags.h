#ifndef REEVE_AGENT_CLI_LIMIT_FLAGS_H_
#define REEVE_AGENT_CLI_LIMIT_FLAGS_H_

#include <functional>

#include "agent/api/task_service.pb.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// Adds the flags of the limits. Each that is given replaces that limit in the
// message that `limits` finds at that time; the others are left alone.
void AddLimitFlags(FlagSet* flags, const std::function<v1::Limits*()>& limits);

// The same without those that each process keeps: all that a group can have.
void AddCgroupLimitFlags(FlagSet* flags,
                         const std::function<v1::Limits*()>& limits);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_LIMIT_FLAGS_H_
