#ifndef REEVE_EXPORTERS_PROMETHEUS_PEAK_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_PEAK_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The families of what was highest between two scrapes: part of TaskMetrics().
std::vector<TaskMetric> PeakMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_PEAK_METRICS_H_
