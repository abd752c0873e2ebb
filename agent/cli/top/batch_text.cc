#include "agent/cli/top/batch_text.h"

#include "absl/strings/str_cat.h"
#include "agent/cli/table.h"
#include "agent/cli/top/display_width.h"
#include "agent/cli/top/top_header.h"

namespace reeve {

std::string BatchText(const TopSample& sample, const std::vector<TopRow>& rows,
                      absl::TimeZone time_zone) {
  std::string text = absl::StrCat(
      absl::FormatTime("%Y-%m-%d %H:%M:%S", sample.taken_at, time_zone), "  ",
      TaskCountText(sample), "\ncpu ", CpuText(sample.host), "  memory ",
      MemoryText(sample.host), "  load ", LoadText(sample.host.load),
      "  pressure ", PressureText(sample.host.load, " "), "\n");

  std::vector<Table::Column> columns;
  columns.reserve(kTopColumns.size());
  for (const TopColumn column : kTopColumns) {
    columns.push_back({HeadingOf(column), IsNumber(column)
                                              ? Table::Align::kRight
                                              : Table::Align::kLeft});
  }
  Table table(columns);
  for (const TopRow& row : rows) {
    std::vector<std::string> cells;
    cells.reserve(kTopColumns.size());
    for (const TopColumn column : kTopColumns) {
      cells.push_back(Printable(CellText(column, *row.entry)));
    }
    if (row.is_member) cells[0].insert(0, "  ");
    table.AddRow(cells);
  }
  return absl::StrCat(text, table.Render(), "\n");
}

}  // namespace reeve
