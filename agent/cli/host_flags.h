#ifndef REEVE_AGENT_CLI_HOST_FLAGS_H_
#define REEVE_AGENT_CLI_HOST_FLAGS_H_

#include "agent/cli/flag_set.h"
#include "agent/host_options.h"

namespace reeve {

// Adds the flags of `reeve agent` for what is measured of the machine.
// `options` must outlive the parsing.
void AddHostFlags(FlagSet* flags, HostOptions* options);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_HOST_FLAGS_H_
