#ifndef REEVE_EXPORTERS_PROMETHEUS_METRIC_TABLES_H_
#define REEVE_EXPORTERS_PROMETHEUS_METRIC_TABLES_H_

#include <vector>

#include "exporters/prometheus/family_description.h"
#include "exporters/prometheus/host_family.h"
#include "exporters/prometheus/task_metric.h"

namespace reeve {

// What there is on pages.
struct MetricTables {
  std::vector<TaskMetric> tasks;
  std::vector<TaskMetric> groups;
  // Of the cgroups of the host that others made.
  std::vector<TaskMetric> cgroups;
  // One for each collector of the host.
  std::vector<HostFamilies> host;
  // Of the agent itself, sorted by name.
  std::vector<FamilyDescription> agent;
};

// Everything that any page may have, for the documentation.
MetricTables EveryMetric();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_METRIC_TABLES_H_
