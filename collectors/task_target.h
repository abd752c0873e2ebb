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

// The limits in force on one block device, a second. What is not limited is
// absent.
struct IoLimitValues {
  // "8:0".
  std::string device;
  std::optional<uint64_t> read_bytes;
  std::optional<uint64_t> write_bytes;
  std::optional<uint64_t> read_operations;
  std::optional<uint64_t> write_operations;
};

// The limit in force on huge pages of one size.
struct HugetlbLimitValue {
  // "2MB".
  std::string page_size;
  uint64_t bytes = 0;
};

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
  // CPUs and memory nodes in the kernel's list format; absent if the task has
  // all that its parent has.
  std::optional<std::string> cpuset_cpus;
  std::optional<std::string> cpuset_mems;
  // How many CPUs those are.
  std::optional<uint64_t> cpuset_cpu_count;
  // Set if it has asked for so many to itself, whichever they are.
  std::optional<uint64_t> reserved_cpu_count;
  // 100 is an ordinary task.
  std::optional<uint64_t> io_weight;
  // Those devices and page sizes that are limited.
  std::vector<IoLimitValues> io;
  std::vector<HugetlbLimitValue> hugetlb;
};

// What the sampler is told of a task, or of a group of tasks that has a cgroup
// of its own: enough to find and to name it.
struct TaskTarget {
  // Of all targets, tasks and groups, no two have the same.
  std::string id;
  // Of a task, its group, or empty; of a group, its name.
  std::string group;
  // It has no processes of its own, only tasks below it.
  bool is_group = false;
  // Labels of the info metric beyond task and task_group, in this order.
  std::vector<std::pair<std::string, std::string>> info;
  absl::Time started_at;
  CgroupDirs cgroup;
  LimitValues limits;
  // How often its program was started anew; nullopt if it never will be.
  std::optional<uint64_t> restarts;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_TASK_TARGET_H_
