#ifndef REEVE_EXPORTERS_PROMETHEUS_HOST_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_HOST_METRICS_H_

#include <vector>

#include "collectors/host/host_sample.h"
#include "exporters/prometheus/host_metric.h"

namespace reeve {

// What is told of the machine as a whole, sorted by subject.
std::vector<HostMetric<HostSample>> HostMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_HOST_METRICS_H_
