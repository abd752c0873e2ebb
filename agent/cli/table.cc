#include "agent/cli/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace reeve {

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) {
    if (cell.empty()) cell = "-";
  }
  rows_.push_back(std::move(cells));
}

std::string Table::Render(std::optional<size_t> width) const {
  std::vector<std::string> headings;
  for (const Column& column : columns_) headings.push_back(column.heading);

  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(headings[i].size());
    for (const auto& row : rows_) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }

  std::string text;
  const auto append = [&](const std::vector<std::string>& cells) {
    std::string line = RenderRow(cells, widths);
    if (width.has_value() && line.size() > *width) line.resize(*width);
    absl::StrAppend(&text, line, "\n");
  };
  append(headings);
  for (const auto& row : rows_) append(row);
  return text;
}

std::string Table::RenderRow(const std::vector<std::string>& cells,
                             const std::vector<size_t>& widths) const {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += "  ";
    const std::string padding(widths[i] - cells[i].size(), ' ');
    if (columns_[i].align == Align::kRight) {
      absl::StrAppend(&line, padding, cells[i]);
    } else if (i + 1 == cells.size()) {
      line += cells[i];
    } else {
      absl::StrAppend(&line, cells[i], padding);
    }
  }
  return line;
}

}  // namespace reeve
