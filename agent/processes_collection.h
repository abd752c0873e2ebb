#ifndef REEVE_AGENT_PROCESSES_COLLECTION_H_
#define REEVE_AGENT_PROCESSES_COLLECTION_H_

#include <string>

#include "absl/status/status.h"
#include "agent/host_collectors.h"
#include "agent/processes_settings.h"
#include "base/clock.h"
#include "collectors/collector_observer.h"

namespace reeve {

// Has the host's processes measured, if that is wanted, and told which task
// each is of: those have their cgroups below `cgroup_parent`. `clock` and
// `observer` must outlive the collectors. Fails if procfs cannot be read.
absl::Status AddProcesses(const ProcessesSettings& settings,
                          const std::string& cgroup_parent, const Clock& clock,
                          CollectorObserver& observer,
                          HostCollectors* collectors);

}  // namespace reeve

#endif  // REEVE_AGENT_PROCESSES_COLLECTION_H_
