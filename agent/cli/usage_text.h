#ifndef REEVE_AGENT_CLI_USAGE_TEXT_H_
#define REEVE_AGENT_CLI_USAGE_TEXT_H_

#include <string>

#include "agent/api/task_service.pb.h"

namespace reeve {

// `reeve stats`: one block, a line a resource, then the processes. What could
// not be measured is shown as "-".
std::string UsageText(const v1::StatsResponse& stats);

// `reeve stats --follow`: headings, and a line a sample below them.
std::string UsageLineHeading();
std::string UsageLine(const v1::StatsResponse& stats);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_USAGE_TEXT_H_
