#include "tests/exporters/prometheus/snapshots.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

// What is the same on every host.
TaskSnapshot BusyTask(const std::string& id, const std::string& layout) {
  TaskTarget target;
  target.id = id;
  target.group = "shop";
  target.info = {{"cgroup", "/reeve/" + id}, {"cgroup_layout", layout}};
  target.started_at = absl::FromUnixMillis(1'700'000'000'250);
  target.limits.memory_bytes = 268'435'456;
  target.limits.cpu_cores = 0.2;
  target.limits.cpu_period_seconds = 0.1;
  target.limits.cpu_shares = 512;
  target.limits.threads = 64;

  TaskSnapshot task;
  task.target = std::make_shared<const TaskTarget>(std::move(target));
  task.cpu_percent = 20;
  task.cpu_user_percent = 17.5;
  task.cpu_system_percent = 2.5;
  task.cpu_ticks_mhz = 500.5;
  task.cpu_ticks_total = 31'250.25;
  task.cgroup.cpu_usage_ns = 12'500'000'001;
  task.cgroup.cpu_user_ns = 11'000'000'000;
  task.cgroup.cpu_system_ns = 1'480'000'000;
  task.cgroup.cpu_periods = 625;
  task.cgroup.cpu_throttled_periods = 600;
  task.cgroup.cpu_throttled_ns = 50'000'000'000;
  task.cgroup.memory_usage_bytes = 104'857'600;
  task.cgroup.memory_working_set_bytes = 94'371'840;
  task.cgroup.memory_anon_bytes = 83'886'080;
  task.cgroup.memory_file_bytes = 16'777'216;
  task.cgroup.memory_mapped_file_bytes = 4'194'304;
  task.cgroup.memory_swap_bytes = 0;
  task.cgroup.memory_peak_bytes = 115'343'360;
  task.cgroup.memory_kernel_bytes = 4'194'304;
  task.cgroup.oom_kills = 0;
  task.cgroup.threads = 3;
  task.cgroup.fork_failures = 0;
  return task;
}

}  // namespace

TaskSnapshot TaskNamed(const std::string& id, const std::string& group) {
  TaskTarget target;
  target.id = id;
  target.group = group;
  TaskSnapshot task;
  task.target = std::make_shared<const TaskTarget>(std::move(target));
  return task;
}

TaskSnapshot TaskOnV1() {
  TaskSnapshot task = BusyTask("web", "v1");
  task.cgroup.memory_kernel_peak_bytes = 5'242'880;
  return task;
}

TaskSnapshot TaskOnV2() { return BusyTask("web", "v2"); }

TaskSnapshot TaskOnHybrid() {
  TaskSnapshot task = BusyTask("web", "hybrid");
  task.cgroup.memory_kernel_peak_bytes = 5'242'880;
  // The twin's cpu.stat counts in microseconds.
  task.cgroup.cpu_usage_ns = 12'500'000'000;
  return task;
}

Snapshot SnapshotOf(TaskSnapshot task) {
  Snapshot snapshot;
  snapshot.generation = 7;
  snapshot.tasks.push_back(
      std::make_shared<const TaskSnapshot>(std::move(task)));
  return snapshot;
}

std::shared_ptr<const Snapshot> ManyTasks(size_t count, uint64_t generation) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = generation;
  for (size_t i = 0; i < count; ++i) {
    TaskSnapshot task = BusyTask(absl::StrCat("task-", i), "v1");
    task.cgroup.memory_kernel_peak_bytes = 5'242'880;
    // No two alike, with as many digits as in life.
    task.cgroup.cpu_usage_ns = 123'456'789'123 + i * 1'000'003;
    task.cgroup.memory_usage_bytes = 104'857'600 + i * 4096;
    task.cpu_percent = 100.0 / static_cast<double>(i + 3);
    task.cpu_user_percent = 90.0 / static_cast<double>(i + 3);
    task.cpu_system_percent = 10.0 / static_cast<double>(i + 3);
    snapshot->tasks.push_back(
        std::make_shared<const TaskSnapshot>(std::move(task)));
  }
  return snapshot;
}

}  // namespace reeve
