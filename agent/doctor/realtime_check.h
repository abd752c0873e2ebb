#ifndef REEVE_AGENT_DOCTOR_REALTIME_CHECK_H_
#define REEVE_AGENT_DOCTOR_REALTIME_CHECK_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "agent/doctor/finding.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// How the kernel gives realtime time to cgroups.
enum class RealtimeShare {
  // All of them share the machine's.
  kCommon,
  // Each has its own, and a new one has none: v1 with CONFIG_RT_GROUP_SCHED.
  kNoneOfItsOwn,
};

// Looks for cpu.rt_runtime_us in the v1 hierarchy of the cpu controller.
RealtimeShare RealtimeGroups(const CgroupMounts& mounts);

// Whether tasks can be given a realtime scheduling policy, sched(7): `status`
// is PROCFS/self/status, `rtprio` the soft RLIMIT_RTPRIO.
Finding CheckRealtime(absl::string_view status, uint64_t rtprio,
                      RealtimeShare share);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_REALTIME_CHECK_H_
