#ifndef REEVE_AGENT_TASKS_MEMORY_HIGH_H_
#define REEVE_AGENT_TASKS_MEMORY_HIGH_H_

#include "absl/status/statusor.h"
#include "agent/state/memory_high_records.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/cgroup/memory_decrease.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// cgroup.Update(), with a record of memory.high for as long as it is lowered.
absl::StatusOr<LimitUpdate> UpdateRecordingHigh(
    const MemoryHighRecords& records, TaskCgroup& cgroup,
    const ResourceLimits& limits, MemoryDecreaseOptions decrease);

// Gives each cgroup that has a record its memory.high again, and removes the
// record: an earlier agent was killed while it had that lowered. Before anybody
// takes what is in force for what was set. What cannot be done is logged, and
// left to the next agent.
void RestoreMemoryHighs(const MemoryHighRecords& records,
                        const CgroupMounts& mounts);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_MEMORY_HIGH_H_
