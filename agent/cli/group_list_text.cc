#include "agent/cli/group_list_text.h"

#include "absl/strings/str_cat.h"
#include "agent/cli/table.h"
#include "agent/cli/task_text.h"
#include "base/quantity.h"

namespace reeve {
namespace {

void AddGroup(const v1::GroupSummary& group, Table* table) {
  const v1::Usage& usage = group.usage();
  const v1::Limits& limits = group.limits();
  table->AddRow({
      group.group(),
      absl::StrCat(group.tasks_size()),
      usage.has_cpu_percent() ? PercentText(usage.cpu_percent()) : "",
      CpuLimitText(limits),
      limits.has_cpu_shares() ? absl::StrCat(limits.cpu_shares()) : "",
      ThrottledText(usage),
      usage.has_memory_usage_bytes() ? ShortSize(usage.memory_usage_bytes())
                                     : "",
      MemoryLimitText(limits),
      usage.has_threads() ? absl::StrCat(usage.threads()) : "",
      PidsLimitText(limits),
  });
}

}  // namespace

std::string GroupListText(const v1::ListGroupsResponse& list) {
  constexpr Table::Align kRight = Table::Align::kRight;
  Table table({{"GROUP"},
               {"TASKS", kRight},
               {"CPU%", kRight},
               {"CPUS", kRight},
               {"SHARES", kRight},
               {"THROTTLED", kRight},
               {"MEM", kRight},
               {"MEM-LIMIT", kRight},
               {"PIDS", kRight},
               {"PIDS-LIMIT", kRight}});
  for (const v1::GroupSummary& group : list.groups()) AddGroup(group, &table);
  return table.Render();
}

}  // namespace reeve
