#ifndef REEVE_AGENT_CLI_TOP_TOP_HEADER_H_
#define REEVE_AGENT_CLI_TOP_TOP_HEADER_H_

#include <string>
#include <vector>

#include "agent/cli/top/styled_line.h"
#include "agent/cli/top/top_sample.h"
#include "agent/cli/top/top_view.h"

namespace reeve {

// "3 tasks: 2 running, 1 exited".
std::string TaskCountText(const TopSample& sample);

// "1.92 0.90 0.35", and "cpu 12%  memory 0%  io 1%" with two blanks or
// `separator`; "-" for what the host does not tell.
std::string LoadText(const HostLoad& host);
std::string PressureText(const HostLoad& host, const char* separator);

// "61.2% of 2 cores", "4.1G of 23.4G".
std::string CpuText(const HostUsage& host);
std::string MemoryText(const HostUsage& host);

// What is above the tasks: how many there are, and how the host is. Three
// lines; the host's, two of them, are left out where there are few.
std::vector<StyledLine> HeaderLines(const TopSample& sample, bool paused,
                                    const TopView& view);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_HEADER_H_
