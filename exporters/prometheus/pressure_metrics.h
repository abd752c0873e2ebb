#ifndef REEVE_EXPORTERS_PROMETHEUS_PRESSURE_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_PRESSURE_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The families of how long a task waits for what it does not get: part of
// TaskMetrics().
std::vector<TaskMetric> PressureMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_PRESSURE_METRICS_H_
