#ifndef REEVE_AGENT_CLI_APPLY_TEXT_H_
#define REEVE_AGENT_CLI_APPLY_TEXT_H_

#include <string>

#include "agent/cli/apply_report.pb.h"
#include "agent/task_files/apply_step.h"

namespace reeve {

// What a step does, in a line: "web: update limits.pids: 10 -> 20".
std::string ApplyLine(const ApplyStep& step);

v1::ApplyStepReport ToReport(const ApplyStep& step);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_APPLY_TEXT_H_
