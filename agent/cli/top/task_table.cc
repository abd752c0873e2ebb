#include "agent/cli/top/task_table.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/cli/top/bar.h"
#include "agent/cli/top/display_width.h"

namespace reeve {
namespace {

// What is shown as 0.
constexpr double kNothing = 0.05;
constexpr double kMuchThrottled = 25;
constexpr double kMostlyThrottled = 75;

TextStyle StateStyle(const TopEntry& entry) {
  switch (entry.state) {
    case v1::TASK_STATE_PAUSED:
    case v1::TASK_STATE_RESTARTING:
    case v1::TASK_STATE_STARTING:
      return TextStyle::kWarning;
    default:
      return TextStyle::kPlain;
  }
}

TextStyle ThrottledStyle(const TopEntry& entry) {
  const double percent = entry.throttled_percent.value_or(0);
  if (percent >= kMostlyThrottled) return TextStyle::kBad;
  if (percent >= kMuchThrottled) return TextStyle::kWarning;
  return percent < kNothing ? TextStyle::kDim : TextStyle::kPlain;
}

TextStyle StyleOf(TopColumn column, const TopEntry& entry) {
  if (entry.has_exited()) return TextStyle::kDim;
  switch (column) {
    case TopColumn::kId:
      return entry.is_group ? TextStyle::kAccent : TextStyle::kPlain;
    case TopColumn::kState:
      return StateStyle(entry);
    case TopColumn::kCpu:
      return entry.cpu_percent.value_or(0) < kNothing ? TextStyle::kDim
                                                      : TextStyle::kPlain;
    case TopColumn::kThrottled:
      return ThrottledStyle(entry);
    case TopColumn::kOomKills:
      return entry.oom_kills.value_or(0) > 0 ? TextStyle::kBad
                                             : TextStyle::kDim;
    case TopColumn::kGroup:
    case TopColumn::kMemoryLimit:
    case TopColumn::kCommand:
      return TextStyle::kDim;
    default:
      return TextStyle::kPlain;
  }
}

// A text in its column, without blanks behind it if it is to the left.
StyledLine Aligned(const std::string& text, TextStyle style,
                   const ColumnWidth& column, const Look& look) {
  const std::string cut = CutTo(text, column.width, look.ellipsis());
  StyledLine cell;
  if (IsNumber(column.column)) cell.PadTo(column.width - DisplayWidth(cut));
  return cell.Add(cut, style);
}

StyledLine Cell(const TopRow& row, const ColumnWidth& column,
                const Look& look) {
  const TopEntry& entry = *row.entry;
  if (column.column == TopColumn::kMemoryShare &&
      entry.memory_share().has_value()) {
    const double share = *entry.memory_share();
    return Bar(share, column.width, StyleOfShare(share), look.unicode);
  }
  std::string text = Printable(CellText(column.column, entry));
  if (text.empty()) {
    return Aligned(entry.is_group ? "" : "-", TextStyle::kDim, column, look);
  }
  if (column.column == TopColumn::kId && row.is_member) {
    text = absl::StrCat("  ", text);
  }
  return Aligned(text, StyleOf(column.column, entry), column, look);
}

// Of an order from the largest down, or the other way round.
const char* SortMark(bool is_down, const Look& look) {
  if (look.unicode) return is_down ? "↓" : "↑";
  return is_down ? "v" : "^";
}

}  // namespace

StyledLine HeadingLine(const std::vector<ColumnWidth>& columns,
                       const TopOrder& order, const Look& look) {
  StyledLine line;
  size_t begin = 0;
  for (const ColumnWidth& column : columns) {
    const bool is_sorted = column.column == order.sort;
    const bool is_number = IsNumber(column.column);
    std::string text = HeadingOf(column.column);
    // In the gap between the columns, if need be.
    if (is_sorted) {
      const char* mark = SortMark(is_number != order.reversed, look);
      text = is_number ? absl::StrCat(mark, text) : absl::StrCat(text, mark);
    }
    const size_t end = begin + column.width;
    line.PadTo(is_number ? end - DisplayWidth(text) : begin);
    line.Add(text, is_sorted ? TextStyle::kAccent : TextStyle::kStrong);
    begin = end + kColumnGap;
  }
  return line;
}

StyledLine RowLine(const TopRow& row, const std::vector<ColumnWidth>& columns,
                   const Look& look) {
  StyledLine line;
  size_t begin = 0;
  for (const ColumnWidth& column : columns) {
    line.PadTo(begin).Add(Cell(row, column, look));
    begin += column.width + kColumnGap;
  }
  return line;
}

}  // namespace reeve
