#ifndef REEVE_EXPORTERS_PROMETHEUS_GROUP_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_GROUP_METRICS_H_

#include <vector>

#include "exporters/prometheus/task_metric.h"

namespace reeve {

// Every family of group metrics, in the order of the page: the families of
// tasks under names of their own, so that what is added there is here too.
std::vector<TaskMetric> GroupMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_GROUP_METRICS_H_
