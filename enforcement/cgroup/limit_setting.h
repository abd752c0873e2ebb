#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_SETTING_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_SETTING_H_

#include <string>

namespace reeve {

// One kernel file that a limit is kept in, as asked for, as written and as the
// kernel then said.
struct LimitSetting {
  std::string controller;
  std::string file;
  // In the units of ResourceLimits: shares for cpu.weight, cores for a quota,
  // "CORES PERIOD_USEC" for cpu.max, swap alone for
  // memory.memsw.limit_in_bytes, else bytes, us or pids; "max" for none.
  std::string requested;
  std::string applied;
  // Differs from `applied` where the kernel rounds, as memory to pages.
  std::string read_back;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_SETTING_H_
