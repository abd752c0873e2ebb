#include "exporters/prometheus/hugetlb_metrics.h"

#include <cstddef>

#include "absl/strings/string_view.h"
#include "collectors/extra_sample.h"

namespace reeve {
namespace {

size_t CountPageSizes(const TaskSnapshot& task) {
  return task.extra == nullptr ? 0 : task.extra->hugetlb.size();
}

absl::string_view PageSizeName(const TaskSnapshot& task, size_t item) {
  return task.extra->hugetlb[item].page_size;
}

MetricValue UsedBytes(const TaskSnapshot& task, size_t item) {
  return task.extra->hugetlb[item].bytes;
}

}  // namespace

std::vector<TaskMetric> HugetlbMetrics() {
  TaskMetric metric;
  metric.name = "reeve_task_hugetlb_usage_bytes";
  metric.help =
      "Memory that the task uses in huge pages of one size. On cgroup v1 only "
      "for a task with limits of them.";
  metric.type = "gauge";
  metric.unit = "bytes";
  metric.v1_source = "hugetlb.SIZE.usage_in_bytes";
  metric.v2_source = "hugetlb.SIZE.current";
  metric.items = {"page_size", CountPageSizes, PageSizeName};
  metric.item_series = {{"", UsedBytes}};
  metric.collector = "hugetlb";
  metric.optional_collector = metric.collector;
  return {metric};
}

}  // namespace reeve
