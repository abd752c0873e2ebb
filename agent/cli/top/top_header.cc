#include "agent/cli/top/top_header.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "agent/cli/top/bar.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr std::pair<v1::TaskState, const char*> kStates[] = {
    {v1::TASK_STATE_STARTING, "starting"},
    {v1::TASK_STATE_RUNNING, "running"},
    {v1::TASK_STATE_PAUSED, "paused"},
    {v1::TASK_STATE_RESTARTING, "restarting"},
    {v1::TASK_STATE_EXITED, "exited"},
};

// Lines from which on the host is shown.
constexpr size_t kLinesForHost = 12;
constexpr size_t kLongestBar = 20;
// Between the left half and the right one.
constexpr size_t kGap = 2;

std::string PercentOrDash(std::optional<double> percent) {
  return percent.has_value() ? absl::StrFormat("%.0f%%", *percent) : "-";
}

std::optional<double> MemoryShare(const HostLoad& host) {
  if (!host.memory.has_value() || host.memory->total_bytes == 0) {
    return std::nullopt;
  }
  return 1 - static_cast<double>(host.memory->available_bytes) /
                 static_cast<double>(host.memory->total_bytes);
}

StyledLine TitleLine(const TopSample& sample, bool paused,
                     const TopView& view) {
  StyledLine line;
  line.Add("reeve", TextStyle::kAccent).Add("  ").Add(TaskCountText(sample));
  StyledLine how;
  if (paused) {
    how.Add("paused", TextStyle::kWarning);
  } else {
    how.Add(absl::StrCat("every ", absl::FormatDuration(view.interval)),
            TextStyle::kDim);
  }
  StyledLine clock;
  clock.Add(absl::FormatTime("%H:%M:%S", sample.taken_at, view.time_zone));
  StyledLine both = how;
  both.Add("  ").Add(clock);
  // The longest that fits.
  for (const StyledLine& right : {both, paused ? how : clock}) {
    if (line.width() + kGap + right.width() > view.columns) continue;
    return line.PadTo(view.columns - right.width()).Add(right);
  }
  return line;
}

// "LABEL  BAR  TEXT" in `width` columns, the label in `label_width`. The bar
// takes what is left for it; none if that is too little.
StyledLine Gauge(const char* label, size_t label_width,
                 std::optional<double> share, TextStyle style,
                 const std::string& text, size_t width, const Look& look) {
  StyledLine line;
  line.Add(label, TextStyle::kDim).PadTo(label_width + 1);
  const size_t taken = label_width + 2 + text.size();
  const size_t bar = width > taken ? std::min(width - taken, kLongestBar) : 0;
  if (bar >= 4 && share.has_value()) {
    line.Add(Bar(*share, bar, style, look.unicode)).Add(" ");
  }
  return line.Add(text);
}

// Where the right half begins.
size_t Half(size_t columns) {
  return std::clamp<size_t>(columns * 9 / 20, 28, 48);
}

StyledLine UsageLine(const HostUsage& host, const TopView& view) {
  const size_t half = Half(view.columns);
  std::optional<double> cpu_share = host.cpu_percent;
  if (cpu_share.has_value()) *cpu_share /= 100;
  StyledLine line = Gauge("cpu", 4, cpu_share, TextStyle::kAccent,
                          CpuText(host), half - kGap, view.look);
  line.PadTo(half);
  const size_t right = view.columns > half ? view.columns - half : 0;
  const std::optional<double> memory_share = MemoryShare(host.load);
  return line.Add(Gauge("memory", 8, memory_share,
                        StyleOfShare(memory_share.value_or(0)),
                        MemoryText(host), right, view.look));
}

StyledLine LoadLine(const HostLoad& host, const TopView& view) {
  StyledLine line;
  line.Add("load ", TextStyle::kDim).Add(LoadText(host));
  line.PadTo(Half(view.columns));
  return line.Add("pressure ", TextStyle::kDim).Add(PressureText(host, " "));
}

}  // namespace

std::string TaskCountText(const TopSample& sample) {
  std::vector<std::string> parts;
  for (const auto& [state, name] : kStates) {
    const auto count = std::count_if(
        sample.tasks.begin(), sample.tasks.end(),
        [state = state](const TopEntry& task) { return task.state == state; });
    if (count > 0) parts.push_back(absl::StrCat(count, " ", name));
  }
  const size_t all = sample.tasks.size();
  return absl::StrCat(all, all == 1 ? " task" : " tasks",
                      parts.empty() ? "" : ": ", absl::StrJoin(parts, ", "));
}

std::string LoadText(const HostLoad& host) {
  if (!host.load.has_value()) return "-";
  const auto& [one, five, fifteen] = *host.load;
  return absl::StrFormat("%.2f %.2f %.2f", one, five, fifteen);
}

std::string PressureText(const HostLoad& host, const char* separator) {
  if (!host.cpu_pressure.has_value() && !host.memory_pressure.has_value() &&
      !host.io_pressure.has_value()) {
    return "-";
  }
  return absl::StrCat("cpu ", PercentOrDash(host.cpu_pressure), separator,
                      "memory ", PercentOrDash(host.memory_pressure), separator,
                      "io ", PercentOrDash(host.io_pressure));
}

std::string CpuText(const HostUsage& host) {
  std::string text = host.cpu_percent.has_value()
                         ? absl::StrFormat("%.0f%%", *host.cpu_percent)
                         : "-";
  if (!host.load.cpu.has_value()) return text;
  const uint64_t cpus = host.load.cpu->cpus;
  return absl::StrCat(text, " of ", cpus, cpus == 1 ? " core" : " cores");
}

std::string MemoryText(const HostUsage& host) {
  if (!host.load.memory.has_value()) return "-";
  const HostMemory& memory = *host.load.memory;
  return absl::StrCat(
      ShortSize(memory.total_bytes -
                std::min(memory.available_bytes, memory.total_bytes)),
      " of ", ShortSize(memory.total_bytes));
}

std::vector<StyledLine> HeaderLines(const TopSample& sample, bool paused,
                                    const TopView& view) {
  std::vector<StyledLine> lines = {TitleLine(sample, paused, view)};
  if (view.lines < kLinesForHost) return lines;
  lines.push_back(UsageLine(sample.host, view));
  lines.push_back(LoadLine(sample.host.load, view));
  return lines;
}

}  // namespace reeve
