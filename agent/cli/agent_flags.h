#ifndef REEVE_AGENT_CLI_AGENT_FLAGS_H_
#define REEVE_AGENT_CLI_AGENT_FLAGS_H_

#include "absl/status/status.h"
#include "agent/agent_options.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// Adds the flags of `reeve agent`. Their defaults are those of `options`, which
// must outlive the parsing.
void AddAgentFlags(FlagSet* flags, AgentOptions* options);

// Whether they go together, once they were parsed; InvalidArgument names the
// one that lacks another.
absl::Status CheckAgentFlags(const AgentOptions& options);

// The part of them that an agent inside `reeve run` takes.
void AddLocalAgentFlags(FlagSet* flags, AgentOptions* options);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_AGENT_FLAGS_H_
