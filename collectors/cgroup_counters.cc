#include "collectors/cgroup_counters.h"

namespace reeve {

CgroupSample CgroupCounters::Update(const CgroupSample& sample) {
  CgroupSample shown = sample;
  cpu_usage_.Carry(shown.cpu_usage_ns);
  cpu_user_.Carry(shown.cpu_user_ns);
  cpu_system_.Carry(shown.cpu_system_ns);
  cpu_periods_.Carry(shown.cpu_periods);
  cpu_throttled_periods_.Carry(shown.cpu_throttled_periods);
  cpu_throttled_.Carry(shown.cpu_throttled_ns);
  cpu_burst_periods_.Carry(shown.cpu_burst_periods);
  cpu_burst_.Carry(shown.cpu_burst_ns);
  memory_low_.Carry(shown.memory_low_events);
  memory_high_.Carry(shown.memory_high_events);
  memory_max_.Carry(shown.memory_max_events);
  memory_oom_.Carry(shown.memory_oom_events);
  oom_kills_.Carry(shown.oom_kills);
  fork_failures_.Carry(shown.fork_failures);
  return shown;
}

}  // namespace reeve
