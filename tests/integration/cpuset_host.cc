#include "tests/integration/cpuset_host.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "enforcement/cgroup/cpuset_parent.h"

namespace reeve {

CpusetHost LookForCpusets(const CgroupMounts& mounts,
                          const std::string& parent) {
  CpusetHost host;
  const absl::StatusOr<AvailableCpuset> available = AvailableIn(mounts, parent);
  if (absl::IsUnavailable(available.status())) {
    host.why_not = "this host has no cgroup controller cpuset";
  } else if (!available.ok()) {
    host.why_not = available.status().ToString();
  } else if (available->cpus.size() < 2) {
    host.why_not = "this host has one CPU only";
  } else {
    host.cpus = available->cpus;
    host.mems = available->mems;
  }
  return host;
}

ResourceLimits Reserved(uint32_t count) {
  ResourceLimits limits;
  limits.reserved_cpus = count;
  return limits;
}

ResourceLimits Chosen(const std::string& cpus) {
  ResourceLimits limits;
  limits.cpuset_cpus = cpus;
  return limits;
}

}  // namespace reeve
