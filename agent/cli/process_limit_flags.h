#ifndef REEVE_AGENT_CLI_PROCESS_LIMIT_FLAGS_H_
#define REEVE_AGENT_CLI_PROCESS_LIMIT_FLAGS_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// Adds the flags of the limits that each process keeps, as AddLimitFlags().
void AddProcessLimitFlags(FlagSet* flags,
                          const std::function<v1::Limits*()>& limits);

// "nofile=1024:4096", "core=unlimited", "memlock=64M": a size where the limit
// is in bytes, else a number. One value is both limits. kInvalidArgument for a
// limit that there is not, and for a soft one above the hard one.
absl::StatusOr<v1::Rlimit> ParseRlimit(const std::string& text);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_PROCESS_LIMIT_FLAGS_H_
