#ifndef REEVE_EXPORTERS_PROMETHEUS_METRICS_DOCUMENT_H_
#define REEVE_EXPORTERS_PROMETHEUS_METRICS_DOCUMENT_H_

#include <string>
#include <vector>

#include "exporters/prometheus/family_description.h"
#include "exporters/prometheus/task_metric.h"

namespace reeve {

// The text of docs/metrics.md: every family with its type, unit, labels, help
// and where it comes from.
std::string MetricsDocument(
    const std::vector<TaskMetric>& task_metrics,
    const std::vector<TaskMetric>& group_metrics,
    const std::vector<FamilyDescription>& agent_metrics);

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_METRICS_DOCUMENT_H_
