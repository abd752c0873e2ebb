#include "agent/cli/top/process_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/cli/top/display_width.h"
#include "agent/cli/top/top_column.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr char kFormat[] = "%7s  %6s  %8s  %6s  %7s  ";

bool UsesMore(const TopProcess& a, const TopProcess& b) {
  const double x = a.cpu_percent.value_or(0);
  const double y = b.cpu_percent.value_or(0);
  if (x != y) return x > y;
  if (a.rss_bytes != b.rss_bytes) return a.rss_bytes > b.rss_bytes;
  return a.pid < b.pid;
}

// Nothing if there is no value, or no room for it.
void AddValue(const char* label, const std::string& value, size_t width,
              StyledLine* line) {
  if (value.empty()) return;
  StyledLine added;
  added.Add(line->width() > 0 ? "  " : "")
      .Add(label, TextStyle::kDim)
      .Add(" ")
      .Add(value);
  if (line->width() + added.width() <= width) line->Add(added);
}

std::string WithPercent(const std::string& number) {
  return number.empty() ? "" : number + "%";
}

std::string MemoryText(const TopEntry& task) {
  std::string memory = CellText(TopColumn::kMemory, task);
  const std::string limit = CellText(TopColumn::kMemoryLimit, task);
  if (memory.empty() || limit.empty()) return memory;
  return absl::StrCat(memory, " of ", limit);
}

StyledLine UsageLine(const TopEntry& task, size_t width) {
  StyledLine line;
  AddValue("cpu", WithPercent(CellText(TopColumn::kCpu, task)), width, &line);
  AddValue("throttled", WithPercent(CellText(TopColumn::kThrottled, task)),
           width, &line);
  AddValue("memory", MemoryText(task), width, &line);
  AddValue("threads", CellText(TopColumn::kThreads, task), width, &line);
  AddValue("oom kills", CellText(TopColumn::kOomKills, task), width, &line);
  AddValue("working set", CellText(TopColumn::kWorkingSet, task), width, &line);
  return line;
}

}  // namespace

std::vector<StyledLine> ProcessHeadingLines(const std::string& id,
                                            const TopEntry* task,
                                            size_t width) {
  StyledLine title;
  title.Add(id, TextStyle::kAccent);
  StyledLine usage;
  if (task == nullptr) {
    title.Add("  is not there any more", TextStyle::kWarning);
  } else {
    title.Add("  ").Add(task->state_text);
    if (!task->group.empty()) {
      title.Add("  group ", TextStyle::kDim).Add(task->group);
    }
    if (task->uptime.has_value()) {
      title.Add("  for ", TextStyle::kDim).Add(ShortDuration(*task->uptime));
    }
    title.Add("  ").Add(Printable(task->command), TextStyle::kDim);
    usage = UsageLine(*task, width);
  }
  StyledLine heading;
  heading.Add(
      absl::StrFormat(kFormat, "PID", "CPU%", "CPU-TIME", "RSS", "THREADS"),
      TextStyle::kStrong);
  heading.Add("NAME", TextStyle::kStrong);
  return {title, usage, StyledLine(), heading};
}

std::vector<StyledLine> ProcessLines(std::vector<TopProcess> processes) {
  std::sort(processes.begin(), processes.end(), UsesMore);
  std::vector<StyledLine> lines;
  for (const TopProcess& process : processes) {
    StyledLine line;
    line.Add(absl::StrFormat(kFormat, absl::StrCat(process.pid),
                             process.cpu_percent.has_value()
                                 ? absl::StrFormat("%.1f", *process.cpu_percent)
                                 : "-",
                             ShortDuration(process.cpu_time),
                             ShortSize(process.rss_bytes),
                             absl::StrCat(process.threads)));
    line.Add(Printable(process.comm));
    lines.push_back(line);
  }
  return lines;
}

}  // namespace reeve
