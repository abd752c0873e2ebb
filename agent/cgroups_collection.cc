#include "agent/cgroups_collection.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "collectors/cgroups/cgroups_collector.h"
#include "exporters/prometheus/cgroups_page.h"

namespace reeve {
namespace {

constexpr absl::Duration kUsualInterval = absl::Seconds(5);

}  // namespace

absl::Duration CgroupsInterval(const AgentOptions& options) {
  if (options.cgroups.interval > absl::ZeroDuration()) {
    return options.cgroups.interval;
  }
  return std::max(kUsualInterval, options.sample_interval);
}

void AddCgroups(const AgentOptions& options, const CgroupMounts& mounts,
                const Clock& clock, CollectorObserver& observer,
                HostCollectors& host) {
  if (!options.cgroups.is_enabled) return;
  CgroupsCollectorOptions collector_options;
  collector_options.filter = options.cgroups.filter;
  collector_options.max_cgroups = options.cgroups.max;
  collector_options.own_parent = options.cgroup_parent;
  collector_options.procfs = options.procfs;
  auto collector = std::make_shared<CgroupsCollector>(
      mounts, std::move(collector_options), clock, observer);
  auto page = std::make_shared<const CgroupsPage>(
      [collector] { return collector->Latest(); });
  host.Add(std::move(collector), CgroupsInterval(options), std::move(page));
}

}  // namespace reeve
