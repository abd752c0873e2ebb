#ifndef REEVE_AGENT_CLI_TOP_TOP_STATE_H_
#define REEVE_AGENT_CLI_TOP_TOP_STATE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "agent/cli/top/key.h"
#include "agent/cli/top/top_rows.h"

namespace reeve {

// What the user has chosen to see.
struct TopState {
  TopOrder order;
  bool editing_filter = false;
  // What the filter was before it was edited.
  std::string filter_before;
  bool paused = false;
  bool help = false;
  // TopRow::key() of the selected row; the first row if empty, whichever it is.
  std::string selected;
  // Id of the task whose processes are shown; all tasks are if empty.
  std::string detail;
  // How many rows are above the first one on the screen: of tasks, and of
  // processes.
  size_t scrolled = 0;
  size_t detail_scrolled = 0;
};

enum class TopAction { kNone, kQuit };

// Does what a key means. `rows` are those shown, `page` how many fit.
TopAction ApplyKey(const Key& key, const std::vector<TopRow>& rows, size_t page,
                   TopState* state);

// Index of the selected row; 0 if it is not there.
size_t SelectedIndex(const std::vector<TopRow>& rows, const TopState& state);

// How far to scroll, so that `index` is among the `page` rows shown and no row
// is wasted; as little as possible from `scrolled` on.
size_t ScrollFor(size_t index, size_t rows, size_t page, size_t scrolled);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_STATE_H_
