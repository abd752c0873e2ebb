#ifndef REEVE_AGENT_CLI_TASK_DETAIL_TEXT_H_
#define REEVE_AGENT_CLI_TASK_DETAIL_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// `reeve inspect`: what runs, then limits and cgroups.
std::string TaskDetailText(const v1::InspectResponse& detail, absl::Time now);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TASK_DETAIL_TEXT_H_
