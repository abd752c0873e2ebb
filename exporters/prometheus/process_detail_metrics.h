#ifndef REEVE_EXPORTERS_PROMETHEUS_PROCESS_DETAIL_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_PROCESS_DETAIL_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The families of what a task's processes do and hold: part of TaskMetrics().
std::vector<TaskMetric> ProcessDetailMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_PROCESS_DETAIL_METRICS_H_
