#include "collectors/cgroup_counters.h"

#include <cstdint>
#include <optional>

namespace reeve {
namespace {

void Carry(MonotoneCounter& counter, std::optional<uint64_t>& value) {
  if (value.has_value()) value = counter.Update(*value);
}

}  // namespace

CgroupSample CgroupCounters::Update(const CgroupSample& sample) {
  CgroupSample shown = sample;
  Carry(cpu_usage_, shown.cpu_usage_ns);
  Carry(cpu_user_, shown.cpu_user_ns);
  Carry(cpu_system_, shown.cpu_system_ns);
  Carry(cpu_periods_, shown.cpu_periods);
  Carry(cpu_throttled_periods_, shown.cpu_throttled_periods);
  Carry(cpu_throttled_, shown.cpu_throttled_ns);
  Carry(oom_kills_, shown.oom_kills);
  Carry(fork_failures_, shown.fork_failures);
  return shown;
}

}  // namespace reeve
