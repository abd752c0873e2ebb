#ifndef REEVE_AGENT_CLI_CGROUPS_FLAGS_H_
#define REEVE_AGENT_CLI_CGROUPS_FLAGS_H_

#include "agent/cgroups_options.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// Adds --collector.cgroups and the flags that go with it. `options` must
// outlive the parsing.
void AddCgroupsFlags(FlagSet* flags, CgroupsOptions* options);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_CGROUPS_FLAGS_H_
