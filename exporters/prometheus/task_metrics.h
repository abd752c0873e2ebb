#ifndef REEVE_EXPORTERS_PROMETHEUS_TASK_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_TASK_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// Every family of task metrics, in the order of the page. To add a metric, add
// its row here: the page and docs/metrics.md follow.
std::vector<TaskMetric> TaskMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_TASK_METRICS_H_
