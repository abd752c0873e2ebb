#include "agent/tasks/cpu_role.h"

namespace reeve {

CpuRole CpuRoleOf(const ResourceLimits& asked) {
  if (asked.reserved_cpus.value_or(0) > 0) return CpuRole::kReserved;
  if (!asked.cpuset_cpus.value_or("").empty()) return CpuRole::kChosen;
  return CpuRole::kPool;
}

bool IsAboutCpus(const ResourceLimits& update) {
  return update.cpuset_cpus.has_value() || update.reserved_cpus.has_value();
}

}  // namespace reeve
