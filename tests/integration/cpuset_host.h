#ifndef REEVE_TESTS_INTEGRATION_CPUSET_HOST_H_
#define REEVE_TESTS_INTEGRATION_CPUSET_HOST_H_

#include <cstdint>
#include <string>

#include "base/cpu_list.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// What tests of cpusets have of this host.
struct CpusetHost {
  // That cgroups below the test's may have; two CPUs at least.
  CpuList cpus;
  CpuList mems;
  // Why there can be no test; empty if there can.
  std::string why_not;

  std::string all() const { return FormatCpuList(cpus); }
  std::string last() const { return FormatCpuList({cpus.back()}); }
  std::string all_but_last() const {
    return FormatCpuList(CpusWithout(cpus, {cpus.back()}));
  }
};

CpusetHost LookForCpusets(const CgroupMounts& mounts,
                          const std::string& parent);

ResourceLimits Reserved(uint32_t count);
ResourceLimits Chosen(const std::string& cpus);

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_CPUSET_HOST_H_
