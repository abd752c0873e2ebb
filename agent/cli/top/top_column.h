#ifndef REEVE_AGENT_CLI_TOP_TOP_COLUMN_H_
#define REEVE_AGENT_CLI_TOP_TOP_COLUMN_H_

#include <array>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/cli/top/top_entry.h"

namespace reeve {

// The columns of `reeve top`, in the order in which they are shown.
enum class TopColumn {
  kId,
  kGroup,
  kState,
  kCpu,
  kThrottled,
  kMemory,
  kMemoryLimit,
  kMemoryShare,
  kWorkingSet,
  kThreads,
  kOomKills,
  kUptime,
  kCommand,
};

constexpr std::array<TopColumn, 13> kTopColumns = {
    TopColumn::kId,          TopColumn::kGroup,       TopColumn::kState,
    TopColumn::kCpu,         TopColumn::kThrottled,   TopColumn::kMemory,
    TopColumn::kMemoryLimit, TopColumn::kMemoryShare, TopColumn::kWorkingSet,
    TopColumn::kThreads,     TopColumn::kOomKills,    TopColumn::kUptime,
    TopColumn::kCommand};

// The next column, or the one before, after the last the first.
TopColumn NextColumn(TopColumn column, int step);

// "CPU%".
const char* HeadingOf(TopColumn column);
// For --sort: "cpu".
const char* NameOf(TopColumn column);

// kInvalidArgument, with the names there are, for none of them.
absl::StatusOr<TopColumn> ColumnFromName(absl::string_view name);

// Numbers are sorted from the largest on and shown to the right, texts from "a"
// on and to the left.
bool IsNumber(TopColumn column);

// What the column says of an entry, as text; "" for what is absent.
std::string CellText(TopColumn column, const TopEntry& entry);

// Whether `a` stands before `b`, by the column; those without a value are last
// in either direction, and equal ones stand by id.
bool IsBefore(TopColumn column, bool reversed, const TopEntry& a,
              const TopEntry& b);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_COLUMN_H_
