#include "agent/cli/top/top_column.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/quantity.h"

namespace reeve {
namespace {

struct Description {
  const char* heading;
  const char* name;
  bool is_number;
};

Description DescriptionOf(TopColumn column) {
  switch (column) {
    case TopColumn::kId:
      return {"ID", "id", false};
    case TopColumn::kGroup:
      return {"GROUP", "group", false};
    case TopColumn::kState:
      return {"STATE", "state", false};
    case TopColumn::kCpu:
      return {"CPU%", "cpu", true};
    case TopColumn::kThrottled:
      return {"THROT%", "throttled", true};
    case TopColumn::kMemory:
      return {"MEM", "memory", true};
    case TopColumn::kMemoryLimit:
      return {"LIMIT", "limit", true};
    case TopColumn::kMemoryShare:
      return {"OF LIMIT", "share", true};
    case TopColumn::kWorkingSet:
      return {"WORKING", "working-set", true};
    case TopColumn::kThreads:
      return {"THREADS", "threads", true};
    case TopColumn::kOomKills:
      return {"OOM", "oom", true};
    case TopColumn::kUptime:
      return {"UPTIME", "uptime", true};
    case TopColumn::kCommand:
      return {"COMMAND", "command", false};
  }
  return {"", "", false};
}

std::optional<double> AsDouble(std::optional<uint64_t> value) {
  if (!value.has_value()) return std::nullopt;
  return static_cast<double>(*value);
}

std::optional<double> NumberOf(TopColumn column, const TopEntry& entry) {
  switch (column) {
    case TopColumn::kCpu:
      return entry.cpu_percent;
    case TopColumn::kThrottled:
      return entry.throttled_percent;
    case TopColumn::kMemory:
      return AsDouble(entry.memory_bytes);
    case TopColumn::kMemoryLimit:
      return AsDouble(entry.memory_limit_bytes);
    case TopColumn::kMemoryShare:
      return entry.memory_share();
    case TopColumn::kWorkingSet:
      return AsDouble(entry.working_set_bytes);
    case TopColumn::kThreads:
      return AsDouble(entry.threads);
    case TopColumn::kOomKills:
      return AsDouble(entry.oom_kills);
    case TopColumn::kUptime:
      if (!entry.uptime.has_value()) return std::nullopt;
      return absl::ToDoubleSeconds(*entry.uptime);
    default:
      return std::nullopt;
  }
}

std::string SizeText(std::optional<uint64_t> bytes) {
  return bytes.has_value() ? ShortSize(*bytes) : "";
}

std::string ThreadsText(const TopEntry& entry) {
  if (!entry.threads.has_value()) return "";
  if (!entry.threads_limit.has_value()) return absl::StrCat(*entry.threads);
  return absl::StrCat(*entry.threads, "/", *entry.threads_limit);
}

}  // namespace

TopColumn NextColumn(TopColumn column, int step) {
  const int count = static_cast<int>(kTopColumns.size());
  return static_cast<TopColumn>((static_cast<int>(column) + step + count) %
                                count);
}

const char* HeadingOf(TopColumn column) {
  return DescriptionOf(column).heading;
}

const char* NameOf(TopColumn column) { return DescriptionOf(column).name; }

absl::StatusOr<TopColumn> ColumnFromName(absl::string_view name) {
  std::vector<const char*> names;
  for (const TopColumn column : kTopColumns) {
    if (name == NameOf(column)) return column;
    names.push_back(NameOf(column));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", name, "\": not a column: use ", absl::StrJoin(names, ", ")));
}

bool IsNumber(TopColumn column) { return DescriptionOf(column).is_number; }

std::string CellText(TopColumn column, const TopEntry& entry) {
  switch (column) {
    case TopColumn::kId:
      return entry.id;
    case TopColumn::kGroup:
      return entry.group;
    case TopColumn::kState:
      return entry.state_text;
    case TopColumn::kCpu:
      if (!entry.cpu_percent.has_value()) return "";
      return absl::StrFormat("%.1f", *entry.cpu_percent);
    case TopColumn::kThrottled:
      if (!entry.throttled_percent.has_value()) return "";
      return absl::StrFormat("%.0f", *entry.throttled_percent);
    case TopColumn::kMemory:
      return SizeText(entry.memory_bytes);
    case TopColumn::kMemoryLimit:
      return SizeText(entry.memory_limit_bytes);
    case TopColumn::kMemoryShare:
      if (!entry.memory_share().has_value()) return "";
      return absl::StrFormat("%.0f%%", 100 * *entry.memory_share());
    case TopColumn::kWorkingSet:
      return SizeText(entry.working_set_bytes);
    case TopColumn::kThreads:
      return ThreadsText(entry);
    case TopColumn::kOomKills:
      return entry.oom_kills.has_value() ? absl::StrCat(*entry.oom_kills) : "";
    case TopColumn::kUptime:
      return entry.uptime.has_value() ? ShortDuration(*entry.uptime) : "";
    case TopColumn::kCommand:
      return entry.command;
  }
  return "";
}

bool IsBefore(TopColumn column, bool reversed, const TopEntry& a,
              const TopEntry& b) {
  if (IsNumber(column)) {
    const std::optional<double> x = NumberOf(column, a);
    const std::optional<double> y = NumberOf(column, b);
    if (x.has_value() != y.has_value()) return x.has_value();
    if (x != y) return reversed ? *x < *y : *x > *y;
    return a.id < b.id;
  }
  const std::string x = CellText(column, a);
  const std::string y = CellText(column, b);
  if (x.empty() != y.empty()) return y.empty();
  if (x != y) return reversed ? x > y : x < y;
  return a.id < b.id;
}

}  // namespace reeve
