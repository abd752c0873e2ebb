#ifndef REEVE_COLLECTORS_TASK_TARGET_H_
#define REEVE_COLLECTORS_TASK_TARGET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// The limits in force on a task, as whoever enforces them says. A limit that
// is not set is absent.
struct LimitValues {
  std::optional<uint64_t> memory_bytes;
  // The next four are of cgroup v2 alone. 0 is no protection.
  std::optional<uint64_t> memory_high_bytes;
  std::optional<uint64_t> memory_low_bytes;
  std::optional<uint64_t> memory_min_bytes;
  // 1 if the kernel kills the whole task for want of memory, else 0.
  std::optional<uint64_t> memory_oom_group;
  // Without memory, on either version.
  std::optional<uint64_t> memory_swap_bytes;
  // 1 is one core.
  std::optional<double> cpu_cores;
  std::optional<double> cpu_period_seconds;
  // Beyond the limit of a period; 0 is none.
  std::optional<double> cpu_burst_seconds;
  // 1 if the task runs only when nothing else wants to, else 0.
  std::optional<uint64_t> cpu_idle;
  // cgroup v1 units, also on v2. An idle task has none.
  std::optional<uint64_t> cpu_shares;
  std::optional<uint64_t> threads;
};

// What the sampler is told of a task: enough to find and to name it.
struct TaskTarget {
  std::string id;
  // Empty if the task has no group.
  std::string group;
  // Labels of reeve_task_info beyond task and task_group, in this order.
  std::vector<std::pair<std::string, std::string>> info;
  absl::Time started_at;
  CgroupDirs cgroup;
  LimitValues limits;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_TASK_TARGET_H_
