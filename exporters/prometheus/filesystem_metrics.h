#ifndef REEVE_EXPORTERS_PROMETHEUS_FILESYSTEM_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_FILESYSTEM_METRICS_H_

#include <vector>

#include "collectors/host/filesystem_sample.h"
#include "exporters/prometheus/host_metric.h"

namespace reeve {

// How full file systems are.
std::vector<HostMetric<FilesystemSample>> FilesystemMetrics();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_FILESYSTEM_METRICS_H_
