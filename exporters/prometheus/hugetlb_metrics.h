#ifndef REEVE_EXPORTERS_PROMETHEUS_HUGETLB_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_HUGETLB_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The family of a task's huge pages:
// part of TaskMetrics().
std::vector<TaskMetric> HugetlbMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_HUGETLB_METRICS_H_
