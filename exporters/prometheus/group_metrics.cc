#include "exporters/prometheus/group_metrics.h"

#include <string>

#include "absl/strings/str_replace.h"
#include "exporters/prometheus/collector_names.h"
#include "exporters/prometheus/task_metrics.h"

namespace reeve {
namespace {

// "reeve_task_threads" is "reeve_group_threads", and "the task" is "the group".
std::string OfGroup(const std::string& text) {
  return absl::StrReplaceAll(text, {{"task", "group"}});
}

}  // namespace

std::vector<TaskMetric> GroupMetrics() {
  std::vector<TaskMetric> metrics;
  for (TaskMetric& metric : TaskMetrics()) {
    if (!metric.has_groups) continue;
    metric.name = OfGroup(metric.name);
    metric.help = OfGroup(metric.help);
    metric.collector = kGroupCollector;
    metrics.push_back(metric);
  }
  return metrics;
}

}  // namespace reeve
