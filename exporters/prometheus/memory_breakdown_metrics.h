#ifndef REEVE_EXPORTERS_PROMETHEUS_MEMORY_BREAKDOWN_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_MEMORY_BREAKDOWN_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The families of what a task uses memory for, beside those that all have:
// part of TaskMetrics().
std::vector<TaskMetric> MemoryBreakdownMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_MEMORY_BREAKDOWN_METRICS_H_
