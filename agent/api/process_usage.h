#ifndef REEVE_AGENT_API_PROCESS_USAGE_H_
#define REEVE_AGENT_API_PROCESS_USAGE_H_

#include <vector>

#include "agent/api/task_service.pb.h"
#include "collectors/snapshot.h"

namespace reeve {

// What a task's processes use together, and where that stands in for what the
// task's cgroup cannot tell.

v1::ProcessTotals TotalsToProto(const std::vector<ProcessSnapshot>& processes);

// Sets the fields for which the cgroup has no controller to the sums over the
// processes, and names them in measured_by_processes. Nothing if the processes
// are not known.
void MeasureByProcesses(const TaskSnapshot& snapshot, v1::Usage* usage);

}  // namespace reeve

#endif  // REEVE_AGENT_API_PROCESS_USAGE_H_
