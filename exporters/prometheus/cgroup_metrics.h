#ifndef REEVE_EXPORTERS_PROMETHEUS_CGROUP_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_CGROUP_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// Every family of the host's cgroups, in the order of the page: those of tasks
// that a cgroup has by itself, under names of their own.
std::vector<TaskMetric> CgroupMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_CGROUP_METRICS_H_
