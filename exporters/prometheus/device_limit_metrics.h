#ifndef REEVE_EXPORTERS_PROMETHEUS_DEVICE_LIMIT_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_DEVICE_LIMIT_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The families of limits that few tasks have: of CPUs, devices and huge pages.
// Part of TaskMetrics().
std::vector<TaskMetric> DeviceLimitMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_DEVICE_LIMIT_METRICS_H_
