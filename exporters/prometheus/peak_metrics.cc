#include "exporters/prometheus/peak_metrics.h"

#include <string>

namespace reeve {
namespace {

TaskMetric PeakMetric(const std::string& name, const std::string& help,
                      absl::string_view unit, absl::string_view source,
                      MetricValue (*value)(const TaskSnapshot& task)) {
  TaskMetric metric;
  metric.name = name;
  metric.help = help;
  metric.type = "gauge";
  metric.unit = unit;
  metric.v1_source = source;
  metric.v2_source = source;
  metric.series = {{"", value}};
  metric.collector = "peaks";
  metric.optional_collector = metric.collector;
  return metric;
}

}  // namespace

std::vector<TaskMetric> PeakMetrics() {
  return {
      PeakMetric("reeve_task_cpu_usage_recent_peak_ratio",
                 "Highest CPU usage from one sample to the next in the last "
                 "minute, 1 is one core: what the task had between two "
                 "scrapes.",
                 "ratio", "reeve_task_cpu_usage_ratio",
                 [](const TaskSnapshot& task) -> MetricValue {
                   if (!task.recent_peaks.cpu_percent.has_value()) return {};
                   return *task.recent_peaks.cpu_percent / 100;
                 }),
      PeakMetric("reeve_task_memory_usage_recent_peak_bytes",
                 "Highest memory usage of any sample in the last minute.",
                 "bytes", "reeve_task_memory_usage_bytes",
                 [](const TaskSnapshot& task) -> MetricValue {
                   if (!task.recent_peaks.memory_bytes.has_value()) return {};
                   return *task.recent_peaks.memory_bytes;
                 })};
}

}  // namespace reeve
