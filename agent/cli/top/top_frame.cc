#include "agent/cli/top/top_frame.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/cli/top/process_table.h"
#include "agent/cli/top/task_table.h"
#include "agent/cli/top/top_header.h"
#include "agent/cli/top/top_layout.h"

namespace reeve {
namespace {

using Lines = std::vector<StyledLine>;
using Hint = std::pair<const char*, const char*>;

// Those that are to be seen longest first.
constexpr Hint kTaskHints[] = {
    {"q", "quit"}, {"h", "help"},    {"enter", "processes"}, {"/", "filter"},
    {"s", "sort"}, {"r", "reverse"}, {"t", "tree"},          {"p", "pause"}};
constexpr Hint kProcessHints[] = {
    {"esc", "back"}, {"q", "quit"}, {"h", "help"}, {"p", "pause"}};

constexpr Hint kHelp[] = {
    {"up down j k", "select a task; also by page, home and end"},
    {"enter", "show the processes of the selected task"},
    {"s < >", "sort by the next column, or the one before"},
    {"r", "reverse the order"},
    {"/", "show only what has a text in its id or group"},
    {"t", "show tasks below their groups"},
    {"p", "stop and go on"},
    {"esc", "go back; drop the filter; quit"},
    {"q", "quit"},
};

constexpr Hint kMeanings[] = {
    {"CPU%", "100 is one core"},
    {"THROT%", "share of the periods in which the CPU limit held it back"},
    {"OF LIMIT", "memory in use, of the memory limit"},
    {"WORKING", "memory that cannot be dropped at once"},
    {"THREADS", "threads, and how many there may be"},
    {"OOM", "processes killed for want of memory"},
};

// Lines from which on there is room for an empty one below the header.
constexpr size_t kLinesForGap = 12;

void Append(const Lines& more, Lines* lines) {
  lines->insert(lines->end(), more.begin(), more.end());
}

template <size_t N>
StyledLine HintLine(const Hint (&hints)[N], size_t width) {
  StyledLine line;
  for (const auto& [key, meaning] : hints) {
    StyledLine hint;
    hint.Add(line.width() > 0 ? "   " : "")
        .Add(key, TextStyle::kStrong)
        .Add(" ")
        .Add(meaning, TextStyle::kDim);
    if (line.width() + hint.width() > width) break;
    line.Add(hint);
  }
  return line;
}

StyledLine FilterLine(const TopState& state) {
  StyledLine line;
  line.Add("filter ", TextStyle::kDim)
      .Add(state.order.filter, TextStyle::kStrong)
      .Add(state.editing_filter ? "_" : "", TextStyle::kStrong);
  if (state.editing_filter) {
    line.Add("   enter", TextStyle::kStrong)
        .Add(" keep", TextStyle::kDim)
        .Add("   esc", TextStyle::kStrong)
        .Add(" drop", TextStyle::kDim);
  }
  return line;
}

StyledLine Footer(const TopState& state, const TopView& view) {
  StyledLine line;
  if (state.editing_filter) return FilterLine(state);
  if (!view.error.empty()) return line.Add(view.error, TextStyle::kBad);
  if (!state.detail.empty()) return HintLine(kProcessHints, view.columns);
  if (!state.order.filter.empty()) line.Add(FilterLine(state)).Add("   ");
  return line.Add(HintLine(
      kTaskHints, view.columns - std::min(view.columns, line.width())));
}

template <size_t N>
void AppendHelp(const Hint (&hints)[N], Lines* lines) {
  for (const auto& [key, meaning] : hints) {
    StyledLine line;
    lines->push_back(
        line.Add("  ").Add(key, TextStyle::kStrong).PadTo(16).Add(meaning));
  }
}

Lines HelpLines() {
  Lines lines;
  AppendHelp(kHelp, &lines);
  lines.emplace_back();
  AppendHelp(kMeanings, &lines);
  lines.emplace_back();
  lines.push_back(StyledLine().Add("  any key goes back", TextStyle::kDim));
  return lines;
}

Lines TaskLines(const std::vector<TopRow>& rows, const TopState& state,
                const TopView& view, size_t room) {
  if (rows.empty()) {
    StyledLine line;
    line.Add(state.order.filter.empty() ? "no tasks"
                                        : "no task has this text in its id or "
                                          "group",
             TextStyle::kDim);
    return {line};
  }
  const std::vector<ColumnWidth> columns =
      LayOut(rows, state.order.tree, view.columns);
  Lines lines = {HeadingLine(columns, state.order, view.look)};
  const size_t selected = SelectedIndex(rows, state);
  const size_t page = room > 1 ? room - 1 : 0;
  const size_t first = ScrollFor(selected, rows.size(), page, state.scrolled);
  for (size_t i = first; i < std::min(first + page, rows.size()); ++i) {
    lines.push_back(RowLine(rows[i], columns, view.look));
    if (i == selected) lines.back().Select();
  }
  return lines;
}

Lines DetailLines(const TopSample& sample, const TopState& state,
                  const TopView& view, size_t room) {
  const auto task = std::find_if(
      sample.tasks.begin(), sample.tasks.end(),
      [&state](const TopEntry& entry) { return entry.id == state.detail; });
  Lines lines = ProcessHeadingLines(
      state.detail, task == sample.tasks.end() ? nullptr : &*task,
      view.columns);
  const Lines processes = ProcessLines(sample.processes);
  const size_t page = room - std::min(room, lines.size());
  const size_t first =
      std::min(state.detail_scrolled,
               processes.size() - std::min(page, processes.size()));
  for (size_t i = first; i < std::min(first + page, processes.size()); ++i) {
    lines.push_back(processes[i]);
  }
  return lines;
}

bool HasGap(const TopView& view) { return view.lines >= kLinesForGap; }

}  // namespace

size_t PageOf(const TopView& view) {
  // Header, gap, headings, footer.
  const size_t others = HasGap(view) ? 3 + 1 + 1 + 1 : 1 + 1 + 1;
  return view.lines - std::min(view.lines, others);
}

Lines DrawTop(const TopSample& sample, const std::vector<TopRow>& rows,
              const TopState& state, const TopView& view) {
  Lines lines = HeaderLines(sample, state.paused, view);
  if (HasGap(view)) lines.emplace_back();
  const size_t above = lines.size() + 1;
  const size_t room = view.lines - std::min(view.lines, above);
  if (state.help) {
    Append(HelpLines(), &lines);
  } else if (!state.detail.empty()) {
    Append(DetailLines(sample, state, view, room), &lines);
  } else {
    Append(TaskLines(rows, state, view, room), &lines);
  }
  lines.resize(view.lines - std::min<size_t>(view.lines, 1));
  if (view.lines > 0) lines.push_back(Footer(state, view));
  return lines;
}

}  // namespace reeve
