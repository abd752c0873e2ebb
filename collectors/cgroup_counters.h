#ifndef REEVE_COLLECTORS_CGROUP_COUNTERS_H_
#define REEVE_COLLECTORS_CGROUP_COUNTERS_H_

#include "collectors/cgroup/cgroup_sample.h"
#include "collectors/monotone_counter.h"

namespace reeve {

// Keeps the counters of one task's samples from ever decreasing.
// Thread-compatible.
class CgroupCounters {
 public:
  // `sample` with its counters carried on over resets. What is absent stays so.
  CgroupSample Update(const CgroupSample& sample);

 private:
  MonotoneCounter cpu_usage_;
  MonotoneCounter cpu_user_;
  MonotoneCounter cpu_system_;
  MonotoneCounter cpu_periods_;
  MonotoneCounter cpu_throttled_periods_;
  MonotoneCounter cpu_throttled_;
  MonotoneCounter cpu_burst_periods_;
  MonotoneCounter cpu_burst_;
  MonotoneCounter memory_low_;
  MonotoneCounter memory_high_;
  MonotoneCounter memory_max_;
  MonotoneCounter memory_oom_;
  MonotoneCounter oom_kills_;
  MonotoneCounter fork_failures_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_COUNTERS_H_
