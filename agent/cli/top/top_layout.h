#ifndef REEVE_AGENT_CLI_TOP_TOP_LAYOUT_H_
#define REEVE_AGENT_CLI_TOP_TOP_LAYOUT_H_

#include <cstddef>
#include <vector>

#include "agent/cli/top/top_column.h"
#include "agent/cli/top/top_rows.h"

namespace reeve {

struct ColumnWidth {
  TopColumn column;
  size_t width;
};

constexpr size_t kColumnGap = 2;

// Which columns are shown in so many columns of the terminal, in their order
// and each with its width; together they fit. What there is no room for is left
// out, the least important first: WORKING, GROUP, OOM, THREADS, COMMAND,
// UPTIME, LIMIT, STATE, OF LIMIT, MEM, THROT%, CPU%. What is left over goes to
// ids and groups that need it, then to the bar of memory, then to the command.
std::vector<ColumnWidth> LayOut(const std::vector<TopRow>& rows, bool tree,
                                size_t width);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_LAYOUT_H_
