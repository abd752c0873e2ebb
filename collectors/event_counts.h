#ifndef REEVE_COLLECTORS_EVENT_COUNTS_H_
#define REEVE_COLLECTORS_EVENT_COUNTS_H_

#include <cstdint>

#include "collectors/cgroup/cgroup_sample.h"

namespace reeve {

// How often something happened to tasks that some kernels count in the cgroup
// of the task alone, and others in those above it too.
struct EventCounts {
  uint64_t oom_kills = 0;
  uint64_t fork_failures = 0;

  // What happened in one more cgroup.
  void Add(const CgroupSample& sample);

  // Makes `group`, the sample of a cgroup above those that were added, tell of
  // what happened below it whatever the kernel counts: the larger of the two
  // numbers is right. What the kernel does not tell stays absent.
  void ApplyTo(CgroupSample& group) const;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_EVENT_COUNTS_H_
