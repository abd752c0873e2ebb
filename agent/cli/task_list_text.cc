#include "agent/cli/task_list_text.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "agent/cli/table.h"
#include "agent/cli/task_text.h"
#include "base/quantity.h"

namespace reeve {
namespace {

void AddTask(const v1::TaskSummary& task, absl::Time now, Table* table) {
  const v1::Usage& usage = task.usage();
  const bool exited = task.state() == v1::TASK_STATE_EXITED;
  table->AddRow({
      task.id(),
      task.group(),
      StateText(task),
      task.pid() == 0 || exited ? "" : absl::StrCat(task.pid()),
      usage.has_cpu_percent() && !exited ? PercentText(usage.cpu_percent())
                                         : "",
      ThrottledText(usage),
      usage.has_memory_usage_bytes() && !exited
          ? ShortSize(usage.memory_usage_bytes())
          : "",
      MemoryLimitText(task.limits()),
      usage.has_threads() && !exited ? absl::StrCat(usage.threads()) : "",
      UptimeText(task, now),
      CommandText(task.command()),
  });
}

}  // namespace

std::string TaskListText(const v1::ListResponse& list, absl::Time now,
                         std::optional<size_t> width) {
  constexpr Table::Align kRight = Table::Align::kRight;
  Table table({{"ID"},
               {"GROUP"},
               {"STATE"},
               {"PID", kRight},
               {"CPU%", kRight},
               {"THROTTLED", kRight},
               {"MEM", kRight},
               {"MEM-LIMIT", kRight},
               {"PIDS", kRight},
               {"UPTIME", kRight},
               {"COMMAND"}});
  std::map<std::string, const v1::TaskSummary*> by_id;
  for (const v1::TaskSummary& task : list.tasks()) by_id[task.id()] = &task;
  for (const auto& [id, task] : by_id) AddTask(*task, now, &table);
  return table.Render(width);
}

}  // namespace reeve
