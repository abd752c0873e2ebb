#ifndef REEVE_AGENT_TASKS_CPU_ROLE_H_
#define REEVE_AGENT_TASKS_CPU_ROLE_H_

#include "enforcement/spec/resource_limits.h"

namespace reeve {

// What a task's limits say of CPUs. Those that say nothing, or "" for all,
// share the pool: what others have not reserved.
enum class CpuRole { kPool, kChosen, kReserved };

CpuRole CpuRoleOf(const ResourceLimits& asked);

// Whether an update can change which CPUs tasks have.
bool IsAboutCpus(const ResourceLimits& update);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_CPU_ROLE_H_
