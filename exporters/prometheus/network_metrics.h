#ifndef REEVE_EXPORTERS_PROMETHEUS_NETWORK_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_NETWORK_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The families of a task that has a network namespace of its own:
// part of TaskMetrics().
std::vector<TaskMetric> NetworkMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_NETWORK_METRICS_H_
