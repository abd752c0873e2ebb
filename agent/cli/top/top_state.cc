#include "agent/cli/top/top_state.h"

#include <algorithm>

namespace reeve {
namespace {

void RemoveLastCharacter(std::string* text) {
  while (!text->empty()) {
    const auto last = static_cast<unsigned char>(text->back());
    text->pop_back();
    // Those that go on with a character are 10xxxxxx.
    if ((last & 0xC0U) != 0x80) break;
  }
}

void EditFilter(const Key& key, TopState* state) {
  std::string& filter = state->order.filter;
  switch (key.kind) {
    case Key::Kind::kText:
      filter += key.text;
      break;
    case Key::Kind::kBackspace:
      RemoveLastCharacter(&filter);
      break;
    case Key::Kind::kEscape:
      filter = state->filter_before;
      state->editing_filter = false;
      break;
    case Key::Kind::kEnter:
      state->editing_filter = false;
      break;
    default:
      break;
  }
}

void BeginFilter(TopState* state) {
  state->filter_before = state->order.filter;
  state->editing_filter = true;
}

// By how many rows a key moves; 0 if it does not.
std::ptrdiff_t StepOf(const Key& key, size_t page, size_t rows) {
  const auto all = static_cast<std::ptrdiff_t>(rows);
  const std::ptrdiff_t most =
      std::max<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(page) - 1, 1);
  if (key.kind == Key::Kind::kUp || key.Is("k")) return -1;
  if (key.kind == Key::Kind::kDown || key.Is("j")) return 1;
  if (key.kind == Key::Kind::kPageUp) return -most;
  if (key.kind == Key::Kind::kPageDown || key.Is(" ")) return most;
  if (key.kind == Key::Kind::kHome || key.Is("g")) return -all;
  if (key.kind == Key::Kind::kEnd || key.Is("G")) return all;
  return 0;
}

size_t Moved(size_t index, std::ptrdiff_t step, size_t rows) {
  if (rows == 0) return 0;
  return static_cast<size_t>(
      std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(index) + step, 0,
                                 static_cast<std::ptrdiff_t>(rows) - 1));
}

void Select(const std::vector<TopRow>& rows, std::ptrdiff_t step,
            TopState* state) {
  if (rows.empty()) return;
  const size_t index = Moved(SelectedIndex(rows, *state), step, rows.size());
  state->selected = rows[index].key();
}

// What is the same whatever is shown. True if the key meant that.
bool ApplyCommonKey(const Key& key, TopState* state) {
  if (key.Is("p")) {
    state->paused = !state->paused;
  } else if (key.Is("h") || key.Is("?")) {
    state->help = true;
  } else {
    return false;
  }
  return true;
}

void ApplyDetailKey(const Key& key, size_t page, TopState* state) {
  if (key.kind == Key::Kind::kEscape || key.kind == Key::Kind::kEnter ||
      key.kind == Key::Kind::kLeft || key.kind == Key::Kind::kBackspace) {
    state->detail.clear();
    state->detail_scrolled = 0;
    return;
  }
  // Whoever draws knows how many processes there are.
  constexpr size_t kMany = size_t{1} << 22;
  state->detail_scrolled =
      Moved(state->detail_scrolled, StepOf(key, page, kMany), kMany);
}

void ApplyOrderKey(const Key& key, TopOrder* order) {
  if (key.Is("s") || key.Is(">") || key.kind == Key::Kind::kRight) {
    order->sort = NextColumn(order->sort, 1);
  } else if (key.Is("<") || key.Is("S") || key.kind == Key::Kind::kLeft) {
    order->sort = NextColumn(order->sort, -1);
  } else if (key.Is("r")) {
    order->reversed = !order->reversed;
  } else if (key.Is("t")) {
    order->tree = !order->tree;
  }
}

void OpenDetail(const std::vector<TopRow>& rows, TopState* state) {
  if (rows.empty()) return;
  const TopRow& row = rows[SelectedIndex(rows, *state)];
  if (row.entry->is_group) return;
  state->selected = row.key();
  state->detail = row.entry->id;
}

}  // namespace

TopAction ApplyKey(const Key& key, const std::vector<TopRow>& rows, size_t page,
                   TopState* state) {
  if (state->editing_filter) {
    EditFilter(key, state);
    return TopAction::kNone;
  }
  if (key.Is("q")) return TopAction::kQuit;
  if (state->help) {
    state->help = false;
    return TopAction::kNone;
  }
  if (ApplyCommonKey(key, state)) return TopAction::kNone;
  if (!state->detail.empty()) {
    ApplyDetailKey(key, page, state);
    return TopAction::kNone;
  }
  if (key.kind == Key::Kind::kEscape) {
    if (state->order.filter.empty()) return TopAction::kQuit;
    state->order.filter.clear();
  } else if (key.kind == Key::Kind::kEnter) {
    OpenDetail(rows, state);
  } else if (key.Is("/")) {
    BeginFilter(state);
  } else if (const std::ptrdiff_t step = StepOf(key, page, rows.size())) {
    Select(rows, step, state);
  } else {
    ApplyOrderKey(key, &state->order);
  }
  return TopAction::kNone;
}

size_t SelectedIndex(const std::vector<TopRow>& rows, const TopState& state) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].key() == state.selected) return i;
  }
  return 0;
}

size_t ScrollFor(size_t index, size_t rows, size_t page, size_t scrolled) {
  if (page == 0 || rows <= page) return 0;
  scrolled = std::min(scrolled, rows - page);
  if (index < scrolled) return index;
  return std::max(scrolled, index + 1 > page ? index + 1 - page : 0);
}

}  // namespace reeve
