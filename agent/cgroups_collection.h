#ifndef REEVE_AGENT_CGROUPS_COLLECTION_H_
#define REEVE_AGENT_CGROUPS_COLLECTION_H_

#include "absl/time/time.h"
#include "agent/agent_options.h"
#include "agent/host_collectors.h"
#include "base/clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/collector_observer.h"

namespace reeve {

// Time between two rounds: the flag's; else five seconds, since a scraper comes
// every 15 or more and thousands of cgroups cost a tenth of a second; else that
// of samples, where it is longer.
absl::Duration CgroupsInterval(const AgentOptions& options);

// Has `host` measure the cgroups that others made, if the options say so.
// `options.cgroup_parent` is the one that tasks have. `clock` and `observer`
// must outlive `host`.
void AddCgroups(const AgentOptions& options, const CgroupMounts& mounts,
                const Clock& clock, CollectorObserver& observer,
                HostCollectors& host);

}  // namespace reeve

#endif  // REEVE_AGENT_CGROUPS_COLLECTION_H_
