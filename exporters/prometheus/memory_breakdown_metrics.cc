#include "exporters/prometheus/memory_breakdown_metrics.h"

#include <cstdint>
#include <optional>

#include "collectors/extra_sample.h"

namespace reeve {
namespace {

template <std::optional<uint64_t> MemoryBreakdown::*kField>
MetricValue ValueOf(const TaskSnapshot& task) {
  if (task.extra == nullptr) return {};
  const std::optional<uint64_t>& value = task.extra->memory.*kField;
  return value ? MetricValue(*value) : MetricValue();
}

TaskMetric StatBytes() {
  using M = MemoryBreakdown;
  TaskMetric metric;
  metric.name = "reeve_task_memory_stat_bytes";
  metric.help =
      "What the task's memory is used for, with the names of cgroup v2. Types "
      "overlap: shmem is part of the page cache, and inactive, active and "
      "unevictable are the same memory by how it is reclaimed.";
  metric.type = "gauge";
  metric.unit = "bytes";
  metric.v1_source =
      "memory.stat total_rss_huge (anon_thp), total_shmem, total_mapped_file, "
      "total_dirty, total_writeback, total_inactive_anon, total_active_anon, "
      "total_inactive_file, total_active_file, total_unevictable";
  metric.v2_source = "memory.stat, the key as the type";
  metric.series = {
      {R"(type="kernel_stack")", ValueOf<&M::kernel_stack_bytes>},
      {R"(type="pagetables")", ValueOf<&M::pagetables_bytes>},
      {R"(type="percpu")", ValueOf<&M::percpu_bytes>},
      {R"(type="sock")", ValueOf<&M::sock_bytes>},
      {R"(type="vmalloc")", ValueOf<&M::vmalloc_bytes>},
      {R"(type="shmem")", ValueOf<&M::shmem_bytes>},
      {R"(type="file_mapped")", ValueOf<&M::file_mapped_bytes>},
      {R"(type="file_dirty")", ValueOf<&M::file_dirty_bytes>},
      {R"(type="file_writeback")", ValueOf<&M::file_writeback_bytes>},
      {R"(type="anon_thp")", ValueOf<&M::anon_thp_bytes>},
      {R"(type="inactive_anon")", ValueOf<&M::inactive_anon_bytes>},
      {R"(type="active_anon")", ValueOf<&M::active_anon_bytes>},
      {R"(type="inactive_file")", ValueOf<&M::inactive_file_bytes>},
      {R"(type="active_file")", ValueOf<&M::active_file_bytes>},
      {R"(type="unevictable")", ValueOf<&M::unevictable_bytes>},
      {R"(type="slab_reclaimable")", ValueOf<&M::slab_reclaimable_bytes>},
      {R"(type="slab_unreclaimable")", ValueOf<&M::slab_unreclaimable_bytes>}};
  metric.collector = "memory-stat";
  metric.optional_collector = metric.collector;
  return metric;
}

TaskMetric PageFaults() {
  TaskMetric metric;
  metric.name = "reeve_task_memory_page_faults_total";
  metric.help =
      "Page faults of the task: those that had to wait for a device (major) "
      "and the others (minor).";
  metric.type = "counter";
  metric.v1_source =
      "memory.stat total_pgfault - total_pgmajfault, total_pgmajfault";
  metric.v2_source = "memory.stat pgfault - pgmajfault, pgmajfault";
  metric.series = {
      {R"(type="minor")", ValueOf<&MemoryBreakdown::minor_faults>},
      {R"(type="major")", ValueOf<&MemoryBreakdown::major_faults>}};
  metric.collector = "memory-stat";
  metric.optional_collector = metric.collector;
  return metric;
}

TaskMetric Refaults() {
  TaskMetric metric;
  metric.name = "reeve_task_memory_refaults_total";
  metric.help =
      "Pages that the task needed again soon after they had been reclaimed: "
      "anonymous ones (anon) and of files (file).";
  metric.type = "counter";
  metric.v1_source =
      "memory.stat total_workingset_refault_anon, "
      "total_workingset_refault_file";
  metric.v2_source =
      "memory.stat workingset_refault_anon, workingset_refault_file";
  metric.series = {
      {R"(type="anon")", ValueOf<&MemoryBreakdown::anon_refaults>},
      {R"(type="file")", ValueOf<&MemoryBreakdown::file_refaults>}};
  metric.collector = "memory-stat";
  metric.optional_collector = metric.collector;
  return metric;
}

}  // namespace

std::vector<TaskMetric> MemoryBreakdownMetrics() {
  return {StatBytes(), PageFaults(), Refaults()};
}

}  // namespace reeve
