#ifndef REEVE_AGENT_CLI_TOP_PROCESS_TABLE_H_
#define REEVE_AGENT_CLI_TOP_PROCESS_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "agent/cli/top/styled_line.h"
#include "agent/cli/top/top_sample.h"

namespace reeve {

// What is above the processes of a task: what it is, and of what it uses as
// much as there is room for in `width`; the last line has the headings. `task`
// is null if it is gone: then `id` tells which.
std::vector<StyledLine> ProcessHeadingLines(const std::string& id,
                                            const TopEntry* task, size_t width);

// A line each, those that use most CPU first.
std::vector<StyledLine> ProcessLines(std::vector<TopProcess> processes);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_PROCESS_TABLE_H_
