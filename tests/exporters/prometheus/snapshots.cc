#include "tests/exporters/prometheus/snapshots.h"

#include <cstdint>
#include <optional>
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
  target.limits.memory_swap_bytes = 0;
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
  task.cgroup.cpu_burst_periods = 0;
  task.cgroup.cpu_burst_ns = 0;
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
  task.cgroup.memory_max_events = 17;
  return task;
}

TaskSnapshot TaskOnV2() {
  TaskSnapshot task = BusyTask("web", "v2");
  task.cgroup.memory_low_events = 0;
  task.cgroup.memory_high_events = 0;
  task.cgroup.memory_max_events = 17;
  task.cgroup.memory_oom_events = 1;
  return task;
}

TaskSnapshot TaskOnHybrid() {
  TaskSnapshot task = BusyTask("web", "hybrid");
  task.cgroup.memory_kernel_peak_bytes = 5'242'880;
  task.cgroup.memory_max_events = 17;
  // The twin's cpu.stat counts in microseconds.
  task.cgroup.cpu_usage_ns = 12'500'000'000;
  return task;
}

ExtraSample AllExtra() {
  ExtraSample extra;
  extra.cpu_pressure = {1'500'000'000, 250'000'000};
  extra.memory_pressure = {2'000'000, 1'000'000};
  extra.io_pressure = {0, 0};
  extra.io = {{"sda", 4096, 8192, 0, 1, 2, 0}};
  uint64_t bytes = 4096;
  MemoryBreakdown& memory = extra.memory;
  for (std::optional<uint64_t>* field :
       {&memory.kernel_stack_bytes, &memory.pagetables_bytes,
        &memory.percpu_bytes, &memory.sock_bytes, &memory.vmalloc_bytes,
        &memory.shmem_bytes, &memory.file_mapped_bytes,
        &memory.file_dirty_bytes, &memory.file_writeback_bytes,
        &memory.anon_thp_bytes, &memory.inactive_anon_bytes,
        &memory.active_anon_bytes, &memory.inactive_file_bytes,
        &memory.active_file_bytes, &memory.unevictable_bytes,
        &memory.slab_reclaimable_bytes, &memory.slab_unreclaimable_bytes}) {
    *field = bytes;
    bytes += 4096;
  }
  memory.major_faults = 7;
  memory.minor_faults = 93;
  memory.anon_refaults = 3;
  memory.file_refaults = 4;
  extra.network = {{"eth0", {1, 2, 3, 4}, {5, 6, 7, 8}}};
  extra.hugetlb = {{"2MB", 4'194'304}};
  extra.open_descriptors = 12;
  extra.process_states = ProcessStateCounts{1, 2, 3, 4, 5, 6};
  extra.run_queue_wait_ns = 1'250'000'000;
  return extra;
}

TaskSnapshot WithExtra(TaskSnapshot task) {
  task.extra = std::make_shared<const ExtraSample>(AllExtra());
  task.recent_peaks = {175.0, 9'437'184};
  return task;
}

TaskSnapshot GroupLike(const TaskSnapshot& task, const std::string& name) {
  TaskTarget target = *task.target;
  target.id = absl::StrCat("@", name);
  target.group = name;
  target.is_group = true;
  TaskSnapshot group = task;
  group.target = std::make_shared<const TaskTarget>(std::move(target));
  return group;
}

Snapshot SnapshotOf(TaskSnapshot task) {
  Snapshot snapshot;
  snapshot.generation = 7;
  snapshot.tasks.push_back(
      std::make_shared<const TaskSnapshot>(std::move(task)));
  return snapshot;
}

Snapshot SnapshotOfGroup(TaskSnapshot group) {
  Snapshot snapshot;
  snapshot.generation = 7;
  snapshot.groups.push_back(
      std::make_shared<const TaskSnapshot>(std::move(group)));
  return snapshot;
}

std::shared_ptr<const Snapshot> ManyTasks(size_t count, uint64_t generation) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = generation;
  for (size_t i = 0; i < count; ++i) {
    TaskSnapshot task = BusyTask(absl::StrCat("task-", i), "v1");
    task.cgroup.memory_kernel_peak_bytes = 5'242'880;
    task.cgroup.memory_max_events = i;
    // No two alike, with as many digits as in life.
    task.cgroup.cpu_usage_ns = 123'456'789'123 + i * 1'000'003;
    task.cgroup.memory_usage_bytes = 104'857'600 + i * 4096;
    task.cpu_percent = 100.0 / static_cast<double>(i + 3);
    task.cpu_user_percent = 90.0 / static_cast<double>(i + 3);
    task.cpu_system_percent = 10.0 / static_cast<double>(i + 3);
    snapshot->tasks.push_back(
        std::make_shared<const TaskSnapshot>(std::move(task)));
  }
  snapshot->groups.push_back(std::make_shared<const TaskSnapshot>(
      GroupLike(BusyTask("any", "v1"), "shop")));
  return snapshot;
}

}  // namespace reeve
