#ifndef REEVE_AGENT_CLI_TABLE_H_
#define REEVE_AGENT_CLI_TABLE_H_

#include <optional>
#include <string>
#include <vector>

namespace reeve {

// Rows of text under a heading, in columns as wide as their widest cell.
// Thread-compatible.
class Table {
 public:
  enum class Align { kLeft, kRight };

  struct Column {
    std::string heading;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns);

  // As many cells as there are columns. Empty cells are shown as "-".
  void AddRow(std::vector<std::string> cells);

  // Cuts what does not fit into `width`; nullopt cuts nothing.
  std::string Render(std::optional<size_t> width = std::nullopt) const;

 private:
  std::string RenderRow(const std::vector<std::string>& cells,
                        const std::vector<size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TABLE_H_
