#ifndef REEVE_AGENT_MACHINE_COLLECTORS_H_
#define REEVE_AGENT_MACHINE_COLLECTORS_H_

#include <string>

#include "absl/time/time.h"
#include "agent/host_collectors.h"
#include "agent/host_options.h"
#include "collectors/collector_observer.h"

namespace reeve {

// Adds the collectors of the machine that are turned on. `observer` must
// outlive them.
void AddMachineCollectors(const HostOptions& options, const std::string& procfs,
                          absl::Duration sample_interval,
                          CollectorObserver& observer,
                          HostCollectors* collectors);

}  // namespace reeve

#endif  // REEVE_AGENT_MACHINE_COLLECTORS_H_
