#include "agent/cli/top/top_entry.h"

#include "absl/strings/str_cat.h"
#include "agent/cli/task_text.h"

namespace reeve {
namespace {

std::string ShortStateText(const v1::TaskSummary& task) {
  switch (task.state()) {
    case v1::TASK_STATE_RESTARTING:
      return "restarting";
    case v1::TASK_STATE_EXITED:
      if (task.exit().oom_killed()) return "oom-killed";
      if (task.exit().code() < 0) return "exited ?";
      return absl::StrCat("exited ", task.exit().code());
    default:
      return StateText(task);
  }
}

void SetUsage(const v1::Usage& usage, TopEntry* entry) {
  if (usage.has_cpu_percent()) entry->cpu_percent = usage.cpu_percent();
  if (usage.has_memory_usage_bytes()) {
    entry->memory_bytes = usage.memory_usage_bytes();
  }
  if (usage.has_memory_working_set_bytes()) {
    entry->working_set_bytes = usage.memory_working_set_bytes();
  }
  if (usage.has_threads()) entry->threads = usage.threads();
}

void SetLimits(const v1::Limits& limits, TopEntry* entry) {
  if (limits.has_memory_bytes()) {
    entry->memory_limit_bytes = limits.memory_bytes();
  }
  if (limits.has_pids()) entry->threads_limit = limits.pids();
}

}  // namespace

std::optional<double> TopEntry::memory_share() const {
  if (!memory_bytes.has_value() || memory_limit_bytes.value_or(0) == 0) {
    return std::nullopt;
  }
  return static_cast<double>(*memory_bytes) /
         static_cast<double>(*memory_limit_bytes);
}

TopEntry TaskEntry(const v1::TaskSummary& task, absl::Time now) {
  TopEntry entry;
  entry.id = task.id();
  entry.group = task.group();
  entry.state = task.state();
  entry.state_text = ShortStateText(task);
  if (!entry.has_exited()) SetUsage(task.usage(), &entry);
  if (task.usage().has_oom_kills()) entry.oom_kills = task.usage().oom_kills();
  SetLimits(task.limits(), &entry);
  if (task.has_started_at()) {
    const absl::Time end =
        task.exit().has_exited_at() ? FromProto(task.exit().exited_at()) : now;
    entry.uptime = end - FromProto(task.started_at());
  }
  entry.command = CommandText(task.command());
  return entry;
}

TopEntry GroupEntry(const v1::GroupSummary& group) {
  TopEntry entry;
  entry.is_group = true;
  entry.id = group.group();
  entry.group = group.group();
  entry.state_text = absl::StrCat(group.tasks_size(),
                                  group.tasks_size() == 1 ? " task" : " tasks");
  SetUsage(group.usage(), &entry);
  if (group.usage().has_oom_kills()) {
    entry.oom_kills = group.usage().oom_kills();
  }
  SetLimits(group.limits(), &entry);
  return entry;
}

}  // namespace reeve
