#include "exporters/prometheus/collector_names.h"

#include <algorithm>

#include "collectors/host/filesystem_sample.h"
#include "collectors/host/host_sample.h"
#include "exporters/prometheus/task_metrics.h"

namespace reeve {

std::vector<absl::string_view> CollectorNames() {
  std::vector<absl::string_view> names;
  for (const TaskMetric& metric : TaskMetrics()) {
    if (std::find(names.begin(), names.end(), metric.collector) ==
        names.end()) {
      names.push_back(metric.collector);
    }
  }
  for (const absl::string_view name :
       {kGroupCollector, kCgroupsCollector, kHostCollector,
        kFilesystemCollector, kAgentCollector, kProcessCollector}) {
    names.push_back(name);
  }
  return names;
}

}  // namespace reeve
