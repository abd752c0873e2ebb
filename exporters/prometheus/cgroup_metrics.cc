#include "exporters/prometheus/cgroup_metrics.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "exporters/prometheus/collector_names.h"
#include "exporters/prometheus/task_metrics.h"

namespace reeve {
namespace {

constexpr char kInfo[] = "reeve_task_info";
constexpr char kStartTime[] = "reeve_task_start_time_seconds";

// What follows from what only a task has, or what hardly anybody asks for.
constexpr absl::string_view kOfTasksAlone[] = {
    "reeve_task_restarts_total",
    "reeve_task_cpu_ticks_hertz",
    "reeve_task_cpu_ticks_total",
    "reeve_task_cpu_cfs_burst_periods_total",
    "reeve_task_cpu_cfs_burst_seconds_total",
};

// The limits that ReadCgroupLimits() reads.
constexpr absl::string_view kLimits[] = {
    "reeve_task_cpu_limit_cores",   "reeve_task_memory_limit_bytes",
    "reeve_task_memory_high_bytes", "reeve_task_memory_low_bytes",
    "reeve_task_threads_limit",
};

bool IsOfCgroups(const TaskMetric& metric) {
  if (!metric.optional_collector.empty()) return false;
  if (metric.collector == "limits") {
    return absl::c_linear_search(kLimits, metric.name);
  }
  return !absl::c_linear_search(kOfTasksAlone, metric.name);
}

// "reeve_task_threads" is "reeve_cgroup_threads", and so on.
std::string OfCgroup(const std::string& text) {
  return absl::StrReplaceAll(text,
                             {{"task", "cgroup"}, {"was started", "was made"}});
}

void SayWhatThePathTells(TaskMetric& metric) {
  metric.help =
      "Always 1. Its labels tell what the cgroup is, as far as its path does: "
      "kind (root, slice, service, scope, container, pod, machine, monitor or "
      "other), unit, slice, scope, container_id, pod_id and runtime.";
  metric.v1_source = "the path of the cgroup";
  metric.v2_source = metric.v1_source;
}

void SayWhenItWasFound(TaskMetric& metric) {
  metric.help =
      "When the agent found that the cgroup had been made, in Unix time. "
      "Absent for those that were there before the agent.";
}

}  // namespace

std::vector<TaskMetric> CgroupMetrics() {
  std::vector<TaskMetric> metrics;
  for (TaskMetric& metric : TaskMetrics()) {
    if (!IsOfCgroups(metric)) continue;
    if (metric.name == kInfo) SayWhatThePathTells(metric);
    if (metric.name == kStartTime) SayWhenItWasFound(metric);
    metric.name = OfCgroup(metric.name);
    metric.help = OfCgroup(metric.help);
    metric.collector = kCgroupsCollector;
    metrics.push_back(metric);
  }
  return metrics;
}

}  // namespace reeve
