#ifndef REEVE_EXPORTERS_PROMETHEUS_METRICS_DOCUMENT_H_
#define REEVE_EXPORTERS_PROMETHEUS_METRICS_DOCUMENT_H_

#include <string>

#include "exporters/prometheus/metric_tables.h"

namespace reeve {

// The text of docs/metrics.md: every family with its type, unit, labels, help
// and where it comes from.
std::string MetricsDocument(const MetricTables& tables);

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_METRICS_DOCUMENT_H_
