#ifndef REEVE_EXPORTERS_PROMETHEUS_HOST_MEMORY_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_HOST_MEMORY_METRICS_H_

#include <vector>

#include "collectors/host/host_sample.h"
#include "exporters/prometheus/host_metric.h"

namespace reeve {

// What the machine's memory is used for, and what its shortage costs: part of
// HostMetrics().
std::vector<HostMetric<HostSample>> HostMemoryMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_HOST_MEMORY_METRICS_H_
