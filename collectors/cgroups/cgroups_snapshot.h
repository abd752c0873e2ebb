#ifndef REEVE_COLLECTORS_CGROUPS_CGROUPS_SNAPSHOT_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUPS_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "collectors/cgroups/cgroup_population.h"
#include "collectors/snapshot.h"

namespace reeve {

// The cgroups of the host at one round. Immutable once published.
struct CgroupsSnapshot {
  // By path, which is the id of the target; its info is what the path tells.
  std::vector<std::shared_ptr<const TaskSnapshot>> cgroups;
  // Those that are measured, and those that are not since there are too many.
  uint64_t measured = 0;
  uint64_t dropped = 0;
  std::vector<CgroupPopulation> populations;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUPS_SNAPSHOT_H_
