#ifndef REEVE_AGENT_CLI_TASK_LIST_TEXT_H_
#define REEVE_AGENT_CLI_TASK_LIST_TEXT_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// The table of `reeve ps`, by id. The command, the last column, is cut where it
// does not fit into `width`.
std::string TaskListText(const v1::ListResponse& list, absl::Time now,
                         std::optional<size_t> width);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TASK_LIST_TEXT_H_
