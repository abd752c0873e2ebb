#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_SETTING_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_SETTING_H_

#include <string>

namespace reeve {

// One kernel file that a limit is kept in, or one limit that each process
// keeps, as asked for, as written and as the kernel then said.
struct LimitSetting {
  // "process" for what each process keeps: see process_limit_text.h.
  std::string controller;
  std::string file;
  // In the units of ResourceLimits: shares for cpu.weight, cores for a quota,
  // "CORES PERIOD_USEC" for cpu.max, swap alone for
  // memory.memsw.limit_in_bytes, the named rates of a device, else bytes, us,
  // pids or a list; "max" for none, "unlimited" in an rlimit, "all" for all
  // CPUs or nodes that there are, "2 reserved" and "pool" for CPUs that the
  // agent chose.
  std::string requested;
  std::string applied;
  // Differs from `applied` where the kernel rounds, as memory to pages.
  std::string read_back;
  // Whose line in the file it is, where there is one for each: a device's
  // "8:0". Else empty.
  std::string item = {};
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_SETTING_H_
