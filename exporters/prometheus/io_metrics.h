#ifndef REEVE_EXPORTERS_PROMETHEUS_IO_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_IO_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The families of what a task reads from and writes to devices:
// part of TaskMetrics().
std::vector<TaskMetric> IoMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_IO_METRICS_H_
