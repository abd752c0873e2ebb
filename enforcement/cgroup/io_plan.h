#ifndef REEVE_ENFORCEMENT_CGROUP_IO_PLAN_H_
#define REEVE_ENFORCEMENT_CGROUP_IO_PLAN_H_

#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The part of PlanLimits() for input and output. Pure. Devices are numbers.

// The controller's name: "blkio" on v1, "io" on v2.
const char* IoController(CgroupVersion version);

std::vector<LimitFile> IoFilesOf(const ResourceLimits& limits,
                                 CgroupVersion version);

// Weights are kept by whichever part of the kernel shares out a disk: its cost
// model (io.weight), the BFQ scheduler (io.bfq.weight, blkio.bfq.weight) or, in
// kernels before 5.0, CFQ (blkio.weight, of which 500 is the default). All that
// are there are set. kUnavailable if none is; kInvalidArgument for a weight
// that is out of the range of the only one, while BFQ beside a cost model gets
// the nearest that it takes.
//
// Rates of a device are one line of io.max on v2, which keeps those that are
// not named, and a line in each of four files on v1.
void PlanIo(const ResourceLimits& limits, CgroupVersion version,
            LimitPlanner& planner);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_IO_PLAN_H_
