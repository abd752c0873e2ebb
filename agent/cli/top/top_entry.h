#ifndef REEVE_AGENT_CLI_TOP_TOP_ENTRY_H_
#define REEVE_AGENT_CLI_TOP_TOP_ENTRY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// One task, or one group, as `reeve top` shows it. What was not measured, or is
// not limited, is absent.
struct TopEntry {
  bool is_group = false;
  // Of a group, its name.
  std::string id;
  std::string group;
  v1::TaskState state = v1::TASK_STATE_UNSPECIFIED;
  // "running", "exited 0", "oom-killed"; of a group, "3 tasks".
  std::string state_text;
  // 100 is one core.
  std::optional<double> cpu_percent;
  // Of the periods in which it ran, 0 to 100.
  std::optional<double> throttled_percent;
  std::optional<uint64_t> memory_bytes;
  std::optional<uint64_t> memory_limit_bytes;
  std::optional<uint64_t> working_set_bytes;
  // Processes and threads.
  std::optional<uint64_t> threads;
  std::optional<uint64_t> threads_limit;
  std::optional<uint64_t> oom_kills;
  std::optional<absl::Duration> uptime;
  std::string command;

  bool has_exited() const { return state == v1::TASK_STATE_EXITED; }
  // Of the memory limit, 0 to 1 and more.
  std::optional<double> memory_share() const;
};

// All but `throttled_percent`, which follows from two readings. What a task has
// used last is not shown once it has exited, but for its OOM kills.
TopEntry TaskEntry(const v1::TaskSummary& task, absl::Time now);
TopEntry GroupEntry(const v1::GroupSummary& group);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_ENTRY_H_
