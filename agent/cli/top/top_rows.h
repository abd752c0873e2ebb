#ifndef REEVE_AGENT_CLI_TOP_TOP_ROWS_H_
#define REEVE_AGENT_CLI_TOP_TOP_ROWS_H_

#include <optional>
#include <string>
#include <vector>

#include "agent/cli/top/top_column.h"
#include "agent/cli/top/top_entry.h"
#include "agent/cli/top/top_sample.h"

namespace reeve {

// Which tasks are shown, and in which order.
struct TopOrder {
  TopColumn sort = TopColumn::kCpu;
  bool reversed = false;
  // Tasks below their groups.
  bool tree = false;
  // Those with this text in id or group, in either case; all if empty.
  std::string filter;
  // Those of this group alone.
  std::optional<std::string> group;
};

// One row of the table: an entry of the sample, which must outlive it.
struct TopRow {
  const TopEntry* entry = nullptr;
  // It stands below its group.
  bool is_member = false;

  // Different for each row; no task's begins with "@".
  std::string key() const {
    return entry->is_group ? "@" + entry->id : entry->id;
  }
};

std::vector<TopRow> RowsOf(const TopSample& sample, const TopOrder& order);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_ROWS_H_
