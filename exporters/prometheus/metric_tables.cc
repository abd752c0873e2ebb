#include "exporters/prometheus/metric_tables.h"

#include <algorithm>
#include <utility>

#include "base/system_clock.h"
#include "exporters/prometheus/agent_metrics.h"
#include "exporters/prometheus/cgroup_metrics.h"
#include "exporters/prometheus/cgroups_page.h"
#include "exporters/prometheus/collector_round_metrics.h"
#include "exporters/prometheus/group_metrics.h"
#include "exporters/prometheus/host_chapters.h"
#include "exporters/prometheus/task_metrics.h"

namespace reeve {

MetricTables EveryMetric() {
  const SystemClock clock;
  MetricTables tables;
  tables.tasks = TaskMetrics();
  tables.groups = GroupMetrics();
  tables.cgroups = CgroupMetrics();
  tables.host = HostChapters();
  tables.host.push_back(
      {"Cgroups in all",
       "With `--collector.cgroups`, the part `cgroups` of the page has these, "
       "too.",
       CgroupCountFamilies()});
  tables.agent = AgentMetrics({}, clock).Describe();
  for (FamilyDescription& family : DescribeCollectorRounds()) {
    tables.agent.push_back(std::move(family));
  }
  std::sort(tables.agent.begin(), tables.agent.end(),
            [](const FamilyDescription& a, const FamilyDescription& b) {
              return a.name < b.name;
            });
  return tables;
}

}  // namespace reeve
