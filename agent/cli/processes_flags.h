#ifndef REEVE_AGENT_CLI_PROCESSES_FLAGS_H_
#define REEVE_AGENT_CLI_PROCESSES_FLAGS_H_

#include "absl/status/status.h"
#include "agent/cli/flag_set.h"
#include "agent/processes_settings.h"

namespace reeve {

// The flags --collector.processes and --collector.processes.*. Both must
// outlive the parsing.
void AddProcessesFlags(FlagSet* flags, ProcessesSettings* settings);

// kInvalidArgument if the flags ask for something of the processes without
// --collector.processes.
absl::Status CheckProcessesFlags(const ProcessesSettings& settings);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_PROCESSES_FLAGS_H_
