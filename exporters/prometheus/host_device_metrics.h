#ifndef REEVE_EXPORTERS_PROMETHEUS_HOST_DEVICE_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_HOST_DEVICE_METRICS_H_

#include <vector>

#include "collectors/host/host_sample.h"
#include "exporters/prometheus/host_metric.h"

namespace reeve {

// What was done with disks and network interfaces: part of HostMetrics().
std::vector<HostMetric<HostSample>> HostDeviceMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_HOST_DEVICE_METRICS_H_
