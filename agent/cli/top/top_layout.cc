#include "agent/cli/top/top_layout.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace reeve {
namespace {

// The most important first.
constexpr TopColumn kImportance[] = {
    TopColumn::kId,          TopColumn::kCpu,         TopColumn::kThrottled,
    TopColumn::kMemory,      TopColumn::kMemoryShare, TopColumn::kState,
    TopColumn::kMemoryLimit, TopColumn::kUptime,      TopColumn::kCommand,
    TopColumn::kThreads,     TopColumn::kOomKills,    TopColumn::kGroup,
    TopColumn::kWorkingSet};
static_assert(std::size(kImportance) == kTopColumns.size());

constexpr size_t kMinNameWidth = 6;
// What ids and groups get before other columns do.
constexpr size_t kNarrowNameWidth = 12;
constexpr size_t kWideNameWidth = 32;
constexpr size_t kBarWidth = 8;
constexpr size_t kWideBarWidth = 16;

// Of the longest id, or group, in the rows.
size_t LongestName(TopColumn column, const std::vector<TopRow>& rows) {
  size_t longest = kMinNameWidth;
  for (const TopRow& row : rows) {
    const size_t size = column == TopColumn::kGroup
                            ? row.entry->group.size()
                            : row.entry->id.size() + (row.is_member ? 2 : 0);
    longest = std::max(longest, size);
  }
  return longest;
}

size_t MinWidth(TopColumn column, const std::vector<TopRow>& rows) {
  switch (column) {
    case TopColumn::kId:
    case TopColumn::kGroup:
      return std::min(LongestName(column, rows), kNarrowNameWidth);
    case TopColumn::kState:
      return 10;
    case TopColumn::kCpu:
    case TopColumn::kThrottled:
    case TopColumn::kMemory:
    case TopColumn::kMemoryLimit:
    case TopColumn::kUptime:
      return 6;
    case TopColumn::kMemoryShare:
      return kBarWidth;
    case TopColumn::kWorkingSet:
    case TopColumn::kThreads:
      return 7;
    case TopColumn::kOomKills:
      return 3;
    case TopColumn::kCommand:
      return 16;
  }
  return 0;
}

// The most that a column makes use of.
size_t MaxWidth(TopColumn column, const std::vector<TopRow>& rows) {
  switch (column) {
    case TopColumn::kId:
    case TopColumn::kGroup:
      return std::min(LongestName(column, rows), kWideNameWidth);
    case TopColumn::kMemoryShare:
      return kWideBarWidth;
    case TopColumn::kThreads:
      return 9;
    case TopColumn::kCommand:
      return std::string::npos;
    default:
      return 0;
  }
}

// The order in which columns get what is left over.
constexpr TopColumn kGrowing[] = {TopColumn::kId, TopColumn::kGroup,
                                  TopColumn::kThreads, TopColumn::kMemoryShare,
                                  TopColumn::kCommand};

// A command is worth more than a long bar.
constexpr size_t kCommandBeforeBar = 24;

bool Has(const std::vector<ColumnWidth>& columns, TopColumn wanted) {
  return std::any_of(
      columns.begin(), columns.end(),
      [wanted](const ColumnWidth& it) { return it.column == wanted; });
}

void Grow(const std::vector<TopRow>& rows, size_t left,
          std::vector<ColumnWidth>* columns) {
  const size_t kept_from_bar = Has(*columns, TopColumn::kCommand)
                                   ? std::min(left, kCommandBeforeBar)
                                   : 0;
  for (const TopColumn growing : kGrowing) {
    for (ColumnWidth& column : *columns) {
      if (column.column != growing) continue;
      size_t room = left;
      if (growing == TopColumn::kMemoryShare) {
        room -= std::min(room, kept_from_bar);
      }
      const size_t wanted =
          std::max(MaxWidth(growing, rows), column.width) - column.width;
      const size_t more = std::min(wanted, room);
      column.width += more;
      left -= more;
    }
  }
}

}  // namespace

std::vector<ColumnWidth> LayOut(const std::vector<TopRow>& rows, bool tree,
                                size_t width) {
  std::vector<ColumnWidth> columns;
  size_t used = 0;
  for (const TopColumn column : kImportance) {
    // The tree shows it.
    if (tree && column == TopColumn::kGroup) continue;
    const size_t needed =
        MinWidth(column, rows) + (columns.empty() ? 0 : kColumnGap);
    if (used + needed > width) break;
    used += needed;
    columns.push_back({column, MinWidth(column, rows)});
  }
  std::sort(columns.begin(), columns.end(),
            [](const ColumnWidth& a, const ColumnWidth& b) {
              return a.column < b.column;
            });
  Grow(rows, width - used, &columns);
  return columns;
}

}  // namespace reeve
