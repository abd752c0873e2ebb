#ifndef REEVE_AGENT_CLI_TOP_TASK_TABLE_H_
#define REEVE_AGENT_CLI_TOP_TASK_TABLE_H_

#include <cstddef>
#include <vector>

#include "agent/cli/top/styled_line.h"
#include "agent/cli/top/top_layout.h"
#include "agent/cli/top/top_rows.h"

namespace reeve {

// The headings, with a mark at the column that the rows are sorted by.
StyledLine HeadingLine(const std::vector<ColumnWidth>& columns,
                       const TopOrder& order, const Look& look);

// One row below them.
StyledLine RowLine(const TopRow& row, const std::vector<ColumnWidth>& columns,
                   const Look& look);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TASK_TABLE_H_
